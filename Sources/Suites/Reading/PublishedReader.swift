// SPDX-License-Identifier: Apache-2.0

/// Reads the keys `published` and `explains` of a suite file.
struct PublishedReader {
  /// The names of the suite's comparisons.
  let comparisons: [String]
  /// The costs that the suite asks about.
  let costs: [CostKind]

  /// The keys of one table of figures.
  static let keys = ["on", "source", "against", "speedups", "r2"]
  private static let accepted = "an object with on, source, and speedups or r2"

  /// The costs that `explains` names.
  static func costs(_ node: SuiteNode?) throws(SuiteError) -> [CostKind] {
    guard let node else { return [] }
    let names = CostKind.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
    let accepted = "at least two of \(names), each once"
    var costs: [CostKind] = []
    for element in try node.elements(accepted: accepted) {
      guard let cost = CostKind(rawValue: try element.string(accepted: accepted)),
        !costs.contains(cost)
      else { throw element.invalid(accepted: accepted) }
      costs.append(cost)
    }
    guard costs.count > 1 else { throw node.invalid(accepted: accepted) }
    return costs
  }

  /// The figures of the key `published`, one table or a list of them.
  func figures(_ node: SuiteNode?) throws(SuiteError) -> [PublishedFigures] {
    guard let node else { return [] }
    var tables: [PublishedFigures] = []
    for element in try node.elements(accepted: Self.accepted) {
      tables.append(try table(element))
    }
    return tables
  }

  private func table(_ node: SuiteNode) throws(SuiteError) -> PublishedFigures {
    let object = try node.object(keys: Self.keys)
    var figures = PublishedFigures(
      hardware: try object.required("on", accepted: "the hardware that was measured").string(),
      source: try object.required("source", accepted: "the paper and its table").string())
    if let against = object["against"] { figures.reference = try reference(against) }
    guard object["speedups"] != nil || object["r2"] != nil else {
      throw .missingKey(place: node.place, key: "speedups", accepted: "speedups or r2")
    }
    for member in try members(object["speedups"], "comparison names with a speedup each") {
      guard comparisons.contains(member.key) else {
        throw .unknownKey(place: member.keyPlace, key: member.key, accepted: comparisons)
      }
      figures.speedups[member.key] = try speedup(member.node)
    }
    for member in try members(object["r2"], "costs with a share from 0 to 1 each") {
      guard let cost = costs.first(where: { $0.rawValue == member.key }) else {
        throw .unknownKey(
          place: member.keyPlace, key: member.key, accepted: costs.map(\.rawValue))
      }
      figures.explained[cost] = try number(member.node, in: 0...1, "a share from 0 to 1")
    }
    return figures
  }

  private func members(
    _ node: SuiteNode?, _ accepted: String
  ) throws(SuiteError) -> [SuiteMember] {
    guard let node else { return [] }
    let members = try node.members(accepted: "an object of \(accepted)")
    guard !members.isEmpty else { throw node.invalid(accepted: "an object of \(accepted)") }
    return members
  }

  private func reference(_ node: SuiteNode) throws(SuiteError) -> PublishedFigures.Reference {
    let names = PublishedFigures.Reference.allCases.map { "\"\($0.rawValue)\"" }
      .joined(separator: " or ")
    guard let reference = PublishedFigures.Reference(rawValue: try node.string(accepted: names))
    else { throw node.invalid(accepted: names) }
    return reference
  }

  private func speedup(_ node: SuiteNode) throws(SuiteError) -> PublishedFigures.Speedup {
    let accepted = "a speedup from 0.0001 to 10000, \"faster\" or \"slower\""
    if case .string(let text) = node.value.content {
      guard let direction = PublishedFigures.Direction(rawValue: text) else {
        throw node.invalid(accepted: accepted)
      }
      return .direction(direction)
    }
    return .factor(try number(node, in: 1e-4...1e4, accepted))
  }

  private func number(
    _ node: SuiteNode, in range: ClosedRange<Double>, _ accepted: String
  ) throws(SuiteError) -> Double {
    let value: Double? =
      switch node.value.content {
      case .integer(let integer): Double(integer)
      case .number(let number): number
      default: nil
      }
    guard let value, range.contains(value) else { throw node.invalid(accepted: accepted) }
    return value
  }
}
