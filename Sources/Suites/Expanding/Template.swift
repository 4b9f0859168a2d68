// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// A text of a suite file with `{axis}` placeholders; `{{` and `}}` stand for the braces.
struct Template {
  private enum Segment {
    case literal(String)
    case placeholder(Expression, text: String)
  }

  /// Where the text stands.
  let place: SuitePlace
  private let segments: [Segment]

  /// Reads the text of a node.
  init(_ node: SuiteNode, accepted: String) throws(SuiteError) {
    place = node.place
    let text = try node.string(accepted: accepted)
    do throws(ExpressionReader.Fault) {
      segments = try Self.segments(Array(text))
    } catch {
      throw .malformedTemplate(
        place: place, text: text, column: error.column, accepted: error.accepted)
    }
  }

  /// What the axis `name` stands for.
  init(axis name: String, at place: SuitePlace) {
    self.place = place
    segments = [.placeholder(.name(name), text: name)]
  }

  /// Reads a number, or a text that expands to one.
  init(number node: SuiteNode) throws(SuiteError) {
    guard let number = node.whole else {
      self = try Template(node, accepted: "an integer, or a text such as \"{depth}\"")
      return
    }
    place = node.place
    segments = [.literal("\(number)")]
  }

  /// The axes that it mentions.
  var names: [String] {
    segments.flatMap { segment -> [String] in
      if case .placeholder(let expression, _) = segment { expression.names } else { [] }
    }
  }

  /// The text for the given axis values.
  func expand(_ axes: [String: AxisValue]) throws(SuiteError) -> String {
    var text = ""
    for segment in segments {
      switch segment {
      case .literal(let literal): text += literal
      // An axis alone may be text; in arithmetic it must be a number.
      case .placeholder(.name(let name), _): text += axes[name].map { "\($0)" } ?? ""
      case .placeholder(let expression, let source):
        do throws(ExpressionFault) {
          text += "\(try expression.value(axes))"
        } catch {
          throw .arithmetic(place: place, expression: source, reason: error.reason)
        }
      }
    }
    return try checked(text, text, as: "text", longest: SuiteLimits.longestText)
  }

  /// The same where the text is a name, after whose values of axes `label` stands.
  func name(_ axes: [String: AxisValue], label: String = "") throws(SuiteError) -> String {
    let name = try expand(axes) + (label.isEmpty ? "" : " \(label)")
    return try checked(
      name, ShownText.line(name), as: "name", longest: SuiteLimits.longestName)
  }

  private func checked(
    _ text: String, _ shown: String, as kind: String, longest: Int
  ) throws(SuiteError) -> String {
    let count = shown.utf8.count
    guard count <= longest else {
      throw .tooMany(place: place, what: "characters in one \(kind) (\(count))", accepted: longest)
    }
    return text
  }

  /// The positive integer that the text gives for the given axis values.
  func positive(_ axes: [String: AxisValue]) throws(SuiteError) -> Int {
    try SuiteNumbers.count(expand(axes), at: place)
  }

  /// A text that expands to the given one, whatever braces it has.
  static func escape(_ text: String) -> String {
    var escaped = ""
    for character in text {
      escaped.append(character)
      if character == "{" || character == "}" { escaped.append(character) }
    }
    return escaped
  }

  private static func segments(
    _ characters: [Character]
  ) throws(ExpressionReader.Fault) -> [Segment] {
    var segments: [Segment] = []
    var literal = ""
    var index = 0
    while index < characters.count {
      let character = characters[index]
      let isBrace = character == "{" || character == "}"
      if !isBrace || index + 1 < characters.count && characters[index + 1] == character {
        literal.append(character)
        index += isBrace ? 2 : 1
        continue
      }
      guard character == "{", let end = characters[index...].firstIndex(of: "}") else {
        throw ExpressionReader.Fault(
          column: index + 1, accepted: "{axis}, or doubled braces for a brace itself")
      }
      let range = index + 1..<end
      let expression = try ExpressionReader.expression(characters, in: range)
      segments += [.literal(literal), .placeholder(expression, text: String(characters[range]))]
      (literal, index) = ("", end + 1)
    }
    return segments + [.literal(literal)]
  }
}
