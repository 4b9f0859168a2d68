// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// What a stage of a gate shows.
public struct GateJudgement: Sendable {
  /// What it shows of one case, or of all together.
  public struct Judged: Sendable {
    /// Base over new.
    public var speedup: RatioEstimate
    /// What follows from it.
    public var verdict: Verdict
    /// The smallest slowdown that would have been claimed with near certainty, as a fraction; nil
    /// where there are too few sessions.
    public var detectable: Double?
  }

  /// In the order of the cases; nil where a case has no session.
  public var cases: [Judged?]
  /// All cases together; nil where they are not judged so.
  public var overall: Judged?

  /// Nothing yet of so many cases.
  public init(cases count: Int) {
    cases = [Judged?](repeating: nil, count: count)
  }

  /// The same with the claims of an earlier look kept: each look has its own share of the error, so
  /// what one of them has shown is shown.
  public func keepingClaims(of earlier: GateJudgement) -> GateJudgement {
    func kept(_ own: Judged?, _ before: Judged?) -> Judged? {
      guard var own, let before, before.verdict.isClaim else { return own }
      own.verdict = before.verdict
      return own
    }
    var result = self
    result.cases = zip(cases, earlier.cases).map(kept)
    result.overall = kept(overall, earlier.overall)
    return result
  }
}
