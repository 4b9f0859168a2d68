// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// An axis of a suite: the values that take turns in its placeholders.
///
/// Values may be objects, whose fields then change together:
/// `layer: [{ channels: 64, size: 56 }, { channels: 256, size: 14 }]` gives the placeholders
/// `{channels}` and `{size}`.
struct Axis {
  /// The key under which it stands.
  let name: String
  /// The placeholders that it gives: its own name, or the fields of its values.
  let fields: [String]
  /// For each value, what each field stands for.
  let values: [[AxisValue]]
  /// Where it stands.
  let place: SuitePlace

  /// Reads an axis: a list of integers, texts or objects.
  init(_ member: SuiteMember) throws(SuiteError) {
    name = member.key
    place = member.keyPlace
    guard Self.isName(name) else {
      throw .invalidValue(
        place: place, value: "the axis ‘\(name)’",
        accepted: "a name of letters, digits and _ that begins with a letter")
    }
    let elements = try member.node.elements(accepted: "one value or more")
    var values: [[AxisValue]] = []
    if let first = elements.first, first.isObject {
      fields = try first.members(accepted: "an object").map(\.key)
      try Self.checkCount(fields.count, at: first.place)
      for element in elements { values.append(try Self.fieldValues(element, fields: fields)) }
    } else {
      fields = [name]
      for element in elements { values.append([try Self.scalar(element)]) }
    }
    self.values = values
    if let reserved = fields.first(where: RunTable.comparisons.columns.contains) {
      throw .invalidValue(
        place: place, value: "the axis ‘\(reserved)’",
        accepted: "a name that is no column of comparisons.csv")
    }
  }

  /// Refuses more axes, or more fields of one, than a reader could keep apart.
  static func checkCount(_ count: Int, at place: SuitePlace) throws(SuiteError) {
    guard count <= SuiteLimits.mostChoices else {
      throw .tooMany(place: place, what: "axes", accepted: SuiteLimits.mostChoices)
    }
  }

  /// Whether text can name an axis.
  static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isASCII, first.isLetter || first == "_" else {
      return false
    }
    return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
  }

  private static func fieldValues(
    _ element: SuiteNode, fields: [String]
  ) throws(SuiteError) -> [AxisValue] {
    let members = try element.object(keys: fields)
    var values: [AxisValue] = []
    for field in fields {
      guard isName(field) else {
        throw element.invalid(accepted: "fields of letters, digits and _")
      }
      let accepted = "the same fields in every value of the axis"
      values.append(try scalar(try members.required(field, accepted: accepted)))
    }
    return values
  }

  private static func scalar(_ node: SuiteNode) throws(SuiteError) -> AxisValue {
    switch node.value.content {
    case .integer(let value): return .integer(value)
    case .string(let text): return .text(text)
    default: throw node.invalid(accepted: "an integer, a text, or an object of these")
    }
  }
}

/// What an axis stands for in one case.
enum AxisValue: Hashable, Sendable {
  /// A number, with which placeholders can calculate.
  case integer(Int)
  /// A text, which placeholders insert as it is.
  case text(String)
}

extension AxisValue: CustomStringConvertible {
  /// The value as it stands in descriptors, names and CSV.
  var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .text(let value): value
    }
  }
}
