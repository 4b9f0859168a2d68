// SPDX-License-Identifier: Apache-2.0

/// A value of a JSON5 text, and where it begins.
struct JSON5Value: Sendable {
  /// What it is.
  var content: Content
  /// Where it begins.
  var position: TextPosition

  /// The kinds of values; a number that fits a machine integer is an integer.
  indirect enum Content: Sendable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSON5Value])
    case object([JSON5Member])
  }
}

/// A key of an object with its value, in the order of the text.
struct JSON5Member: Sendable {
  /// The key.
  var key: String
  /// Where the key begins.
  var position: TextPosition
  /// The value.
  var value: JSON5Value
}

extension JSON5Value: CustomStringConvertible {
  /// The value as an error message shows it.
  var description: String {
    switch content {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .array(let values): values.isEmpty ? "an empty list" : "a list of \(values.count)"
    case .object(let members): members.isEmpty ? "an empty object" : "an object"
    }
  }
}

/// A place in a text.
struct TextPosition: Hashable, Sendable {
  /// The line, from 1.
  var line: Int
  /// The column, from 1.
  var column: Int
}
