// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Inputs

/// The keys and numbers of a descriptor, before anything is deduced.
struct DescriptorFields {
  /// The numbers by key.
  private(set) var values: [String: Int] = [:]
  /// The name, without quotes and multiplicity; nil where there is none.
  private(set) var name: String?
  /// The number after `*` at the end of the name.
  private(set) var multiplicity = 1

  private let characters: [Character]
  private var index = 0

  /// Reads the fields of `text`.
  init(_ text: String) throws(ProblemError) {
    characters = Array(text)
    while index < characters.count {
      if characters[index] == "_" {
        index += 1
      } else if characters[index] == "n" {
        // No key begins with n, so the rest is the name, quoted or not.
        try readName()
      } else {
        try readField()
      }
    }
  }

  /// Gives `key` a value where the descriptor has none.
  mutating func supply(_ key: String, _ value: Int) {
    if values[key] == nil { values[key] = value }
  }

  private mutating func readField() throws(ProblemError) {
    let start = index
    let key = take { $0.isLetter }
    let sign = index < characters.count && characters[index] == "-" ? "-" : ""
    index += sign.count
    let digits = sign + take { $0.isNumber }
    let depth = ProblemDescriptor.depthKeys[key]
    let isKey =
      depth != nil || ProblemDescriptor.keys.contains(key)
      || ProblemDescriptor.afterKeys.contains(key)
    guard isKey, !digits.isEmpty, digits != "-" else {
      throw .malformedDescriptor(
        text: String(characters[start...].prefix(12)), column: start + 1,
        accepted: "a key of \(ProblemDescriptor.keys.joined(separator: " ")) with a number, "
          + "or n\"name\" at the end")
    }
    guard let value = Int(reading: digits, in: Int.min...Int.max) else {
      throw .numberOutOfRange(key: key, digits: digits)
    }
    if let depth, let depth, value != depth { throw .volumetric(key: key) }
    guard values.updateValue(value, forKey: key) == nil else { throw .duplicateKey(key: key) }
  }

  /// The ASCII characters from here on that `belong`.
  private mutating func take(_ belong: (Character) -> Bool) -> String {
    let start = index
    while index < characters.count, characters[index].isASCII, belong(characters[index]) {
      index += 1
    }
    return String(characters[start..<index])
  }

  private mutating func readName() throws(ProblemError) {
    let column = index + 2
    var text = String(characters[(index + 1)...])[...]
    index = characters.count
    if text.hasPrefix("\"") {
      guard text.count >= 2, text.hasSuffix("\"") else {
        throw .malformedDescriptor(
          text: String(text), column: column, accepted: "n\"name\" at the end")
      }
      text = text.dropFirst().dropLast()
    }
    if let count = Self.trailingCount(text) {
      multiplicity = try Self.multiplicity(count)
      text = text.dropLast(count.count + 1)
    }
    let length = ShownText.line(String(text)).utf8.count
    guard length <= ProblemDescriptor.longestName else { throw .longName(length) }
    name = text.isEmpty ? nil : String(text)
  }

  /// The number after a `*` at the end of a name; nil where it does not end so.
  static func trailingCount(_ name: Substring) -> Substring? {
    guard let star = name.lastIndex(of: "*") else { return nil }
    let digits = name[name.index(after: star)...]
    // A sign or a fraction is a count that cannot be, and no part of the name.
    let isNumber =
      digits.contains { "0123456789".contains($0) }
      && digits.allSatisfy { "+-.0123456789".contains($0) }
    return isNumber ? digits : nil
  }

  private static func multiplicity(_ digits: Substring) throws(ProblemError) -> Int {
    let key = "multiplicity (*)"
    guard let count = Int(reading: digits, in: Int.min...Int.max) else {
      throw .numberOutOfRange(key: key, digits: String(digits))
    }
    let accepted = 1...ConvolutionProblem.largestAxis
    guard accepted.contains(count) else {
      throw .sizeOutOfRange(key: key, value: count, accepted: accepted)
    }
    return count
  }
}
