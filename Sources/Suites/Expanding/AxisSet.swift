// SPDX-License-Identifier: Apache-2.0

/// Axes with the conditions under which their combinations are kept.
struct AxisSet {
  /// The axes; the last takes its values fastest.
  private(set) var axes: [Axis] = []
  private var conditions: [(condition: Condition, place: SuitePlace)] = []

  /// The most combinations of one comparison or case; no run measures that many.
  static let largestProduct = 10_000

  private static let acceptedConditions = "a condition such as \"groups <= channels\""

  /// No axes.
  init() {}

  /// Reads the keys `axes` and `where` of an object.
  init(_ object: SuiteObject) throws(SuiteError) {
    if let node = object["axes"] {
      let accepted = "an object of lists, one for each axis"
      let members = try node.members(accepted: accepted)
      guard !members.isEmpty else { throw node.invalid(accepted: accepted) }
      try Axis.checkCount(members.count, at: node.place)
      for member in members {
        let axis = try Axis(member)
        if let field = axis.fields.first(where: fields.contains) {
          throw .invalidValue(
            place: axis.place, value: "the axis ‘\(field)’",
            accepted: "a name that no other axis gives")
        }
        axes.append(axis)
      }
    }
    if let node = object["where"] {
      for element in try node.elements(accepted: Self.acceptedConditions) {
        conditions.append(try Self.condition(element))
      }
    }
  }

  /// All placeholders, in order.
  var fields: [String] { axes.flatMap(\.fields) }

  /// These axes after those of `outer` that they do not hide.
  func inside(_ outer: AxisSet) -> AxisSet {
    let own = Set(fields)
    var set = AxisSet()
    set.axes = outer.axes.filter { own.isDisjoint(with: $0.fields) } + axes
    set.conditions = outer.conditions + conditions
    return set
  }

  /// The axes that `names` mention or that have a single value and are mere labels.
  func used(by names: Set<String>) -> [Axis] {
    axes.filter { $0.values.count == 1 || !names.isDisjoint(with: $0.fields) }
  }

  /// Refuses names that are no placeholders.
  func check(_ names: [String], at place: SuitePlace) throws(SuiteError) {
    if let unknown = names.first(where: { !fields.contains($0) }) {
      throw .unknownPlaceholder(place: place, name: unknown, accepted: fields)
    }
  }

  /// Every combination of the axes used by `names` that the conditions keep.
  func combinations(
    for names: Set<String>, at place: SuitePlace
  ) throws(SuiteError) -> [AxisCombination] {
    var combinations = [AxisCombination()]
    for axis in used(by: names) {
      guard combinations.count * axis.values.count <= Self.largestProduct else {
        throw .tooManyCombinations(place: place, accepted: Self.largestProduct)
      }
      combinations = combinations.flatMap { combination in
        axis.values.map { combination.adding(axis, $0) }
      }
    }
    var kept: [AxisCombination] = []
    for combination in combinations where try keeps(combination) { kept.append(combination) }
    guard !kept.isEmpty else {
      throw .emptyAxes(place: place, reason: "‘where’ leaves no combination of the axes")
    }
    return kept
  }

  /// Checks the conditions whose axes all take part, in order; the first that fails decides.
  private func keeps(_ combination: AxisCombination) throws(SuiteError) -> Bool {
    for (condition, place) in conditions {
      try check(condition.names, at: place)
      guard condition.names.allSatisfy({ combination.values[$0] != nil }) else { continue }
      do throws(ExpressionFault) {
        guard try condition.holds(combination.values) else { return false }
      } catch {
        throw .arithmetic(place: place, expression: condition.text, reason: error.reason)
      }
    }
    return true
  }

  private static func condition(
    _ node: SuiteNode
  ) throws(SuiteError) -> (condition: Condition, place: SuitePlace) {
    let text = try node.string(accepted: acceptedConditions)
    do throws(ExpressionReader.Fault) {
      return (try ExpressionReader.condition(text), node.place)
    } catch {
      throw .malformedTemplate(
        place: node.place, text: text, column: error.column, accepted: error.accepted)
    }
  }
}
