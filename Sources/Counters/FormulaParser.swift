// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Reads one formula of a group file by recursive descent.
struct FormulaParser {
  private let tokens: [String]
  private var position = 0
  private let file: String
  private let line: Int
  /// What names may stand for.
  private let accepted: [String]
  /// Parentheses and signs around the current token.
  private var depth = 0

  /// How deep parentheses and signs may lie in each other; the parser recurses.
  static let deepest = 64
  /// Tokens of one formula; its value is found by recursion, too.
  static let mostTokens = 1_000

  /// The formula that is the whole of `text`.
  static func parse(
    _ text: String, file: String, line: Int, accepted: [String]
  ) throws(CounterGroupError) -> MetricFormula {
    var parser = FormulaParser(text, file: file, line: line, accepted: accepted)
    guard parser.tokens.count <= mostTokens else {
      throw .tooLarge(
        file: file, line: line, what: "words and marks in one formula", accepted: mostTokens)
    }
    let formula = try parser.sum()
    if let rest = parser.next {
      throw parser.unexpected(rest, "an operator (+ - * /) or the end of the line")
    }
    return formula
  }

  private init(_ text: String, file: String, line: Int, accepted: [String]) {
    tokens = Self.tokens(of: text)
    self.file = file
    self.line = line
    self.accepted = accepted
  }

  private var next: String? { position < tokens.count ? tokens[position] : nil }

  private mutating func sum() throws(CounterGroupError) -> MetricFormula {
    var left = try product()
    while let operation = take(.plus, .minus) {
      left = .binary(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(CounterGroupError) -> MetricFormula {
    var left = try factor()
    while let operation = take(.times, .over) {
      left = .binary(operation, left, try factor())
    }
    return left
  }

  private mutating func factor() throws(CounterGroupError) -> MetricFormula {
    let wanted = "a number, a name, - or ("
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw .tooLarge(
        file: file, line: line, what: "parentheses and signs inside each other",
        accepted: Self.deepest)
    }
    guard let token = next else { throw unexpected("end of line", wanted) }
    position += 1
    if token == "-" { return .negative(try factor()) }
    if token == "(" {
      let inner = try sum()
      guard next == ")" else { throw unexpected(next ?? "end of line", "an operator or )") }
      position += 1
      return inner
    }
    return try operand(token, wanted)
  }

  /// A number or a name.
  private func operand(
    _ token: String, _ wanted: String
  ) throws(CounterGroupError) -> MetricFormula {
    if token.first?.isNumber == true || token.first == "." {
      guard let number = Double(reading: token, in: Double.everyFinite) else {
        throw unexpected(token, "a number such as 64 or 1.0e-9")
      }
      return .number(number)
    }
    guard Self.isName(token) else { throw unexpected(token, wanted) }
    guard accepted.contains(token) else {
      throw .unknownName(file: file, line: line, token: token, accepted: accepted)
    }
    return .name(token)
  }

  private mutating func take(_ operations: MetricFormula.Operator...) -> MetricFormula.Operator? {
    guard let token = next, let found = MetricFormula.Operator(rawValue: token),
      operations.contains(found)
    else { return nil }
    position += 1
    return found
  }

  private func unexpected(_ token: String, _ accepted: String) -> CounterGroupError {
    .unexpectedToken(file: file, line: line, token: token, accepted: accepted)
  }

  /// Whether `text` can be a name in a formula.
  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first) else { return false }
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) }
  }

  /// Words and single marks; a sign after a number's exponent belongs to the number.
  private static func tokens(of text: String) -> [String] {
    var tokens: [String] = []
    var word = ""
    for character in text {
      let isExponentSign =
        "+-".contains(character) && word.last?.lowercased() == "e" && word.first?.isNumber == true
      let isWord =
        character.isLetter || character.isNumber || character == "." || character == "_"
      if isWord || isExponentSign {
        word.append(character)
        continue
      }
      if !word.isEmpty { tokens.append(word) }
      word = ""
      if !character.isWhitespace { tokens.append(String(character)) }
    }
    return word.isEmpty ? tokens : tokens + [word]
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x5f
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
