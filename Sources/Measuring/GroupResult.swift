// SPDX-License-Identifier: Apache-2.0

public import Planning

/// What a group of the plan turned out to show.
public struct GroupResult: Sendable {
  /// What was measured.
  public var group: PlanGroup
  /// One result per entry, in order.
  public var cases: [CaseResult]
  /// One result per pair, in order.
  public var pairs: [PairResult]

  /// A result.
  public init(group: PlanGroup, cases: [CaseResult], pairs: [PairResult]) {
    self.group = group
    self.cases = cases
    self.pairs = pairs
  }

  /// A result whose pairs follow from its cases.
  /// - Parameters:
  ///   - group: What was measured.
  ///   - cases: One result per entry, in order.
  ///   - noiseFloor: The margins of the verdicts.
  public init(group: PlanGroup, cases: [CaseResult], noiseFloor: NoiseMargins) {
    self.init(
      group: group, cases: cases,
      pairs: group.pairs.map { PairResult($0, cases: cases, noiseFloor: noiseFloor) })
  }
}
