// SPDX-License-Identifier: Apache-2.0

/// The words after a verb, sorted into options and operands.
struct Arguments {
  /// Words that are no options, in order.
  private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// Sorts `words`; `--name value` and `--name=value` are the same, `--` ends the options.
  /// - Throws: `UsageError` where an option is unknown or lacks its value.
  init(_ words: [String], accepting options: [Option]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw .unknownOption(name, accepted: options.map(\.name))
      }
      if option.value == nil {
        guard parts.count == 1 else { throw .unexpectedValue(name) }
        values[name, default: []].append("")
      } else if parts.count == 2 {
        values[name, default: []].append(String(parts[1]))
      } else if let value = rest.popFirst() {
        values[name, default: []].append(value)
      } else {
        throw .missingValue(name, accepted: option.value ?? "")
      }
    }
  }

  /// The words that say the same again for a verb with `options` only, operands included.
  func words(_ options: [Option]) -> [String] {
    let named = options.flatMap { option in
      all(option.name).map { option.value == nil ? option.name : "\(option.name)=\($0)" }
    }
    return named + (operands.isEmpty ? [] : ["--"] + operands)
  }

  /// Whether a flag was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// An option's value, the last one where it was given several times.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option that may be repeated.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// The comma-separated parts of all values of an option.
  func list(_ name: String) -> [String] {
    all(name).flatMap { $0.split(separator: ",").map(String.init) }
  }

  /// An option's value as `parse` reads it.
  /// - Throws: `UsageError.invalidValue` where it cannot.
  func parsed<Value>(
    _ name: String, accepted: String, _ parse: (String) -> Value?
  ) throws(UsageError) -> Value? {
    guard let text = value(name) else { return nil }
    guard let value = parse(text) else {
      throw .invalidValue(option: name, value: text, accepted: accepted)
    }
    return value
  }
}
