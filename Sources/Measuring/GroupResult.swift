// SPDX-License-Identifier: Apache-2.0

public import Planning
internal import Statistics

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

  /// Whether it was stopped, by somebody or by the end of the time, before it was done.
  public var isUnfinished: Bool {
    cases.contains { one in
      let isCut =
        one.status == .ok && one.stoppedBy == StopReason.budget.rawValue
        && one.samples.count < RoundLoop.leastRounds
      return one.status == .interrupted || one.status == .budget || isCut
        || one.stoppedBy == CaseResult.interruptedWord
    }
  }

  /// The same, where not somebody but the end of the time stopped it.
  /// - Parameter seconds: What the run was given.
  /// - Returns: the result with rows of the status `budget`.
  public func stopped(byBudget seconds: Double) -> GroupResult {
    let reason = "the budget of \(seconds) s was spent"
    var result = self
    for place in cases.indices {
      if cases[place].stoppedBy == CaseResult.interruptedWord {
        result.cases[place].stoppedBy = StopReason.budget.rawValue
      }
      guard cases[place].status == .interrupted else { continue }
      result.cases[place].status = .budget
      result.cases[place].reason = "\(reason): \(cases[place].reason)"
    }
    for place in pairs.indices where pairs[place].status == .interrupted {
      result.pairs[place].status = .budget
      result.pairs[place].reason = "\(reason): \(pairs[place].reason)"
    }
    return result
  }
}

extension CaseResult {
  /// The `stopped_by` word of what somebody stopped.
  static let interruptedWord = "interrupted"
}
