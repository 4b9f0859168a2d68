// SPDX-License-Identifier: Apache-2.0

/// A relation between axes that a combination must satisfy, such as `groups <= channels`.
struct Condition: Hashable, Sendable {
  let text: String
  let left: Expression
  let relation: Relation
  let right: Expression

  /// The relations, the longer symbols first.
  enum Relation: String, CaseIterable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
  }

  /// The axes that it mentions.
  var names: [String] { left.names + right.names }

  /// Whether the axis values satisfy it.
  func holds(_ axes: [String: AxisValue]) throws(ExpressionFault) -> Bool {
    let (left, right) = (try left.value(axes), try right.value(axes))
    return switch relation {
    case .equal: left == right
    case .notEqual: left != right
    case .atMost: left <= right
    case .atLeast: left >= right
    case .less: left < right
    case .greater: left > right
    }
  }
}
