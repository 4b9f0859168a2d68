// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The words after a verb, sorted into options and operands.
struct Arguments {
  /// Words that are no options, in order.
  private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]

  /// Sorts `words`; `--name value` and `--name=value` are the same, `--` ends the options.
  /// - Throws: `UsageError` where an option is unknown, lacks its value or has a second one, or a word
  ///   is empty: an empty value is a variable that was not set, and not a wish for the default.
  init(_ words: [String], accepting options: [Option]) throws(UsageError) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        for operand in rest { try take(operand: operand) }
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        try take(operand: word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let option = options.first(where: { $0.name == parts[0] }) else {
        throw .unknownOption(String(parts[0]), accepted: options.map(\.name))
      }
      let attached = parts.count == 2 ? String(parts[1]) : nil
      let value = try Self.value(of: option, attached: attached, rest: &rest, among: options)
      if let first = values[option.name]?.first, !option.isRepeatable {
        throw .givenTwice(option.name, first, value)
      }
      values[option.name, default: []].append(value)
    }
  }

  private mutating func take(operand: String) throws(UsageError) {
    guard !operand.isBlank else { throw .emptyOperand(operand) }
    operands.append(operand)
  }

  /// The value of an option: behind its `=`, or the next word; empty for a flag.
  private static func value(
    of option: Option, attached: String?, rest: inout ArraySlice<String>, among options: [Option]
  ) throws(UsageError) -> String {
    guard let accepted = option.value else {
      guard attached == nil else { throw .unexpectedValue(option.name) }
      return ""
    }
    if option.isValueOptional, attached == nil { return "" }
    // An option in the place of a value: the value was forgotten.
    let next = rest.first.flatMap { word in
      options.contains { word == $0.name || word.hasPrefix($0.name + "=") } ? nil : word
    }
    if attached == nil, next != nil { rest.removeFirst() }
    guard let value = attached ?? next else { throw .missingValue(option.name, accepted: accepted) }
    guard !value.isBlank else {
      throw .invalidValue(option: option.name, value: value, accepted: accepted)
    }
    return value
  }

  /// The words that say the same again for a verb with `options` only, operands included.
  func words(_ options: [Option]) -> [String] {
    self.options(options) + Self.words(operands: operands)
  }

  /// The words that say the same again of `options`, without operands.
  func options(_ options: [Option]) -> [String] {
    options.flatMap { option in
      all(option.name).map { $0.isEmpty ? option.name : "\(option.name)=\($0)" }
    }
  }

  /// The words that stand for `operands`, whatever these look like: words from a file are data and
  /// never options.
  static func words(operands: [String]) -> [String] {
    operands.isEmpty ? [] : ["--"] + operands
  }

  /// Whether a flag was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// An option's value.
  func value(_ name: String) -> String? { values[name]?.last }

  /// All values of an option that may be repeated.
  func all(_ name: String) -> [String] { values[name] ?? [] }

  /// The comma-separated parts of all values of an option, each once.
  /// - Throws: `UsageError.invalidValue` where a part is empty.
  func list(_ name: String) throws(UsageError) -> [String] {
    var parts: [String] = []
    for value in all(name) {
      for part in value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
        guard !part.isBlank else {
          throw .invalidValue(option: name, value: value, accepted: "a list as a,b")
        }
        if !parts.contains(part) { parts.append(part) }
      }
    }
    return parts
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

  /// An option's value where it is the name of a case.
  /// - Throws: `UsageError.invalidValue` where it is no name of one.
  func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) throws(UsageError) -> Value? {
    let accepted = Value.allCases.map(\.rawValue).joined(separator: ", ")
    return try parsed(name, accepted: accepted) { Value(rawValue: $0) }
  }

  /// The operands as folders of results.
  /// - Throws: `UsageError.missingOperand` where there is none.
  func folders() throws(UsageError) -> [URL] {
    guard !operands.isEmpty else { throw .missingOperand("a folder of results") }
    return operands.map { URL(filePath: $0) }
  }
}

extension Arguments {
  /// The same with the values of `name` as `other` has them.
  func taking(_ name: String, from other: Arguments) -> Arguments {
    var changed = self
    changed.values[name] = other.values[name]
    return changed
  }

  /// The same with every operand, and every value of the options `names`, as `change` makes it.
  func mapping(options names: [String], _ change: (String) -> String) -> Arguments {
    var changed = self
    changed.operands = operands.map(change)
    for name in names { changed.values[name] = values[name]?.map(change) }
    return changed
  }
}

extension String {
  /// Whether there is nothing in it to read.
  fileprivate var isBlank: Bool { allSatisfy(\.isWhitespace) }
}
