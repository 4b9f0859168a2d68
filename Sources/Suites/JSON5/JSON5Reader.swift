// SPDX-License-Identifier: Apache-2.0

/// Reads JSON5, keeping the order of keys and the place of every value.
///
/// Foundation's decoder reads JSON5 too, but it gives the keys of an object in no order, drops all
/// but one of equal keys, and does not know where a value stands. Here axes expand in the order in
/// which they are written, and every error names its line and column.
/// - Source: json5.org, specification 1.0.0.
struct JSON5Reader {
  let file: String
  let scalars: [Unicode.Scalar]
  var index = 0
  /// The way to the value that is read: keys, and places in lists.
  private(set) var path: [String] = []
  private let lineStarts: [Int]

  /// How deep lists and objects may lie in each other; the reader recurses.
  private static let deepest = 64

  private init(_ text: String, file: String) {
    self.file = file
    scalars = Array(text.unicodeScalars)
    var starts = [0]
    for index in scalars.indices where Self.endsLine(scalars, at: index) {
      starts.append(index + 1)
    }
    lineStarts = starts
  }

  /// Reads a text that holds one value.
  /// - Throws: `SuiteError.malformed` with the place and what is accepted there.
  static func read(_ text: String, file: String) throws(SuiteError) -> JSON5Value {
    var reader = JSON5Reader(text, file: file)
    try reader.skipBlank()
    let value = try reader.value(depth: 0)
    try reader.skipBlank()
    guard reader.current == nil else {
      throw reader.malformed(accepted: "the end of the file")
    }
    return value
  }

  /// The scalar at the index; nil at the end.
  var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

  /// The place of an index.
  func position(_ index: Int) -> TextPosition {
    // The last line that starts at or before the index.
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= index { low = middle } else { high = middle }
    }
    return TextPosition(line: low + 1, column: index - lineStarts[low] + 1)
  }

  /// What is wrong at `start`, or at the index.
  func malformed(at start: Int? = nil, found: String? = nil, accepted: String) -> SuiteError {
    let start = start ?? index
    let place = position(start)
    let character = start < scalars.count ? "‘\(scalars[start])’" : "the end of the file"
    return .malformed(
      place: SuitePlace(file: file, line: place.line, column: place.column, keyPath: ""),
      found: found ?? character, accepted: accepted)
  }

  private static func endsLine(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
    switch scalars[index] {
    case "\n", "\u{2028}", "\u{2029}": true
    case "\r": index + 1 == scalars.count || scalars[index + 1] != "\n"
    default: false
    }
  }
}

extension JSON5Reader {
  private mutating func value(depth: Int) throws(SuiteError) -> JSON5Value {
    let start = index
    guard depth < Self.deepest else {
      throw malformed(accepted: "at most \(Self.deepest) lists and objects inside each other")
    }
    let content: JSON5Value.Content
    switch current {
    case "{": content = .object(try members(depth: depth + 1))
    case "[": content = .array(try elements(depth: depth + 1))
    case "\"", "'": content = .string(try string())
    case let scalar? where Self.startsNumber(scalar): content = try number()
    default: content = try word()
    }
    return JSON5Value(content: content, position: position(start))
  }

  private mutating func members(depth: Int) throws(SuiteError) -> [JSON5Member] {
    var members: [JSON5Member] = []
    index += 1
    while true {
      try skipBlank()
      if skip("}") { return members }
      let start = index
      let key = try self.key()
      try skipBlank()
      guard skip(":") else { throw malformed(accepted: "‘:’ after the key \(key)") }
      try skipBlank()
      path.append(path.isEmpty ? key : ".\(key)")
      let value = try self.value(depth: depth)
      path.removeLast()
      members.append(JSON5Member(key: key, position: position(start), value: value))
      try skipBlank()
      if skip("}") { return members }
      guard skip(",") else { throw malformed(accepted: "‘,’ or ‘}’") }
    }
  }

  private mutating func elements(depth: Int) throws(SuiteError) -> [JSON5Value] {
    var elements: [JSON5Value] = []
    index += 1
    while true {
      try skipBlank()
      if skip("]") { return elements }
      path.append("[\(elements.count)]")
      elements.append(try value(depth: depth))
      path.removeLast()
      try skipBlank()
      if skip("]") { return elements }
      guard skip(",") else { throw malformed(accepted: "‘,’ or ‘]’") }
    }
  }

  private mutating func key() throws(SuiteError) -> String {
    if current == "\"" || current == "'" { return try string() }
    guard let name = try identifier() else {
      throw malformed(accepted: "a key, or ‘}’")
    }
    return name
  }

  /// A word that stands for a value.
  private mutating func word() throws(SuiteError) -> JSON5Value.Content {
    let start = index
    switch try identifier() {
    case "null": return .null
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "Infinity": return .number(.infinity)
    case "NaN": return .number(.nan)
    case let name?:
      throw malformed(at: start, found: "‘\(name)’", accepted: "a value; text stands in quotes")
    case nil: throw malformed(accepted: "a value")
    }
  }

  /// Reads a name, in which `\uHHHH` stands for a character of one; nil where there is none.
  private mutating func identifier() throws(SuiteError) -> String? {
    var name = String.UnicodeScalarView()
    while let scalar = current {
      let start = index
      let character = scalar == "\\" ? try identifierEscape() : scalar
      guard Self.continuesIdentifier(character, isFirst: name.isEmpty) else {
        guard scalar == "\\" else { break }
        throw malformed(
          at: start, found: "an escape of ‘\(character)’", accepted: "a character of a name")
      }
      if index == start { index += 1 }
      name.append(character)
    }
    return name.isEmpty ? nil : String(name)
  }

  private static func startsNumber(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "+" || scalar == "-" || scalar == "." || ("0"..."9").contains(scalar)
  }

  static func continuesIdentifier(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    if scalar == "$" || scalar == "_" { return true }
    return isFirst ? scalar.properties.isIDStart : scalar.properties.isIDContinue
  }

  /// Steps over `scalar` if it is the current one.
  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard current == scalar else { return false }
    index += 1
    return true
  }
}
