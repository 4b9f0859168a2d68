// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Reads expressions and conditions by recursive descent.
struct ExpressionReader {
  /// What was expected where.
  struct Fault: Error {
    let column: Int
    let accepted: String
  }

  private let characters: [Character]
  private var index: Int
  private let end: Int
  private var depth = 0

  /// How deep parentheses and signs may lie in each other; the reader recurses.
  private static let deepest = 64
  /// How long an expression may be; its value is found by recursion.
  private static let longest = 1000

  /// A reader of part of a text; columns count from the start of the whole.
  init(_ characters: [Character], in range: Range<Int>) {
    self.characters = characters
    index = range.lowerBound
    end = range.upperBound
  }

  /// Reads the whole range as one expression.
  static func expression(
    _ characters: [Character], in range: Range<Int>
  ) throws(Fault) -> Expression {
    var reader = Self(characters, in: range)
    try reader.checkLength()
    let expression = try reader.sum()
    try reader.finish(accepted: "an operator (+ - * / %) or the end")
    return expression
  }

  /// Reads a condition, two expressions with a relation between them.
  static func condition(_ text: String) throws(Fault) -> Condition {
    let characters = Array(text)
    var reader = Self(characters, in: 0..<characters.count)
    try reader.checkLength()
    let left = try reader.sum()
    guard let relation = reader.relation() else {
      throw reader.fault(Condition.Relation.allCases.map(\.rawValue).joined(separator: " "))
    }
    let right = try reader.sum()
    try reader.finish(accepted: "an operator (+ - * / %) or the end")
    return Condition(text: text, left: left, relation: relation, right: right)
  }

  private func checkLength() throws(Fault) {
    guard end - index <= Self.longest else {
      throw fault("an expression of at most \(Self.longest) characters")
    }
  }

  private mutating func sum() throws(Fault) -> Expression {
    var left = try product()
    while let operation = next(of: [.plus, .minus]) {
      left = .operation(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(Fault) -> Expression {
    var left = try factor()
    while let operation = next(of: [.times, .divided, .remainder]) {
      left = .operation(operation, left, try factor())
    }
    return left
  }

  private mutating func factor() throws(Fault) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { throw fault("a shorter expression") }
    skipSpaces()
    if next(of: [.minus]) != nil { return .operation(.minus, .integer(0), try factor()) }
    if take("(") {
      let inner = try sum()
      guard take(")") else { throw fault("‘)’") }
      return inner
    }
    let start = index
    while index < end, characters[index].isASCII,
      characters[index].isLetter || characters[index].isNumber || characters[index] == "_"
    {
      index += 1
    }
    let word = String(characters[start..<index])
    if let value = Int(reading: word, in: Int.min...Int.max) { return .integer(value) }
    guard Axis.isName(word) else {
      index = start
      throw fault("an axis, an integer or ‘(’")
    }
    return .name(word)
  }

  private mutating func relation() -> Condition.Relation? {
    skipSpaces()
    // `<=` is tried before `<`, because the relations are listed longest first.
    for relation in Condition.Relation.allCases {
      let symbol = Array(relation.rawValue)
      if index + symbol.count <= end, Array(characters[index..<index + symbol.count]) == symbol {
        index += symbol.count
        return relation
      }
    }
    return nil
  }

  private mutating func next(of operators: [Expression.Operator]) -> Expression.Operator? {
    skipSpaces()
    guard index < end, let operation = Expression.Operator(rawValue: characters[index]),
      operators.contains(operation)
    else { return nil }
    index += 1
    return operation
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpaces()
    guard index < end, characters[index] == character else { return false }
    index += 1
    return true
  }

  private mutating func skipSpaces() {
    while index < end, characters[index] == " " { index += 1 }
  }

  private mutating func finish(accepted: String) throws(Fault) {
    skipSpaces()
    guard index == end else { throw fault(accepted) }
  }

  private func fault(_ accepted: String) -> Fault {
    Fault(column: index + 1, accepted: accepted)
  }
}
