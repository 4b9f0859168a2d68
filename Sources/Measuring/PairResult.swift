// SPDX-License-Identifier: Apache-2.0

public import Planning
public import Statistics

/// What a comparison of the plan turned out to show.
public struct PairResult: Sendable {
  /// What was compared.
  public var pair: PlanPair
  /// Baseline time over contender time, from the rounds' own ratios; nil where one is not timed.
  public var speedup: RatioEstimate?
  /// What the speedup's interval carries.
  public var verdict: Verdict
  /// What became of the comparison.
  public var status: RowStatus
  /// Why it is not `ok`.
  public var reason: String

  /// A result.
  public init(
    pair: PlanPair, speedup: RatioEstimate?, verdict: Verdict, status: RowStatus,
    reason: String = ""
  ) {
    self.pair = pair
    self.speedup = speedup
    self.verdict = verdict
    self.status = status
    self.reason = reason
  }
}
