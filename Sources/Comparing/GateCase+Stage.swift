// SPDX-License-Identifier: Apache-2.0

public import Statistics

extension GateCase {
  /// What one stage measured of a case.
  public struct Stage: Codable, Hashable, Sendable {
    /// New time over base time: above 1 is slower.
    public var timeRatio: Double
    /// Lower bound; nil where there were too few sessions for the confidence.
    public var lower: Double?
    /// Upper bound.
    public var upper: Double?
    /// Confidence of the bounds.
    public var confidence: Double
    /// Probability of sessions at least this one-sided if nothing had changed, before Holm.
    public var pValue: Double
    /// Sessions: pairs of fresh processes.
    public var sessions: Int
    /// Rounds that count, over all sessions.
    public var rounds: Int
    /// Rounds in which something else ran, which were measured again.
    public var disturbedRounds: Int
    /// The stage's own verdict.
    public var verdict: String

    /// A stage from the speedup (base over new), which is turned around.
    public init(_ speedup: RatioEstimate, verdict: Verdict, rounds: Int, disturbedRounds: Int) {
      timeRatio = 1 / speedup.ratio
      lower = speedup.upper.map { 1 / $0 }
      upper = speedup.lower.map { 1 / $0 }
      confidence = speedup.confidence
      pValue = speedup.pValue
      sessions = speedup.rounds
      self.rounds = rounds
      self.disturbedRounds = disturbedRounds
      self.verdict = verdict.rawValue
    }

    private enum CodingKeys: String, CodingKey {
      case lower, upper, confidence, sessions, rounds, verdict
      case timeRatio = "time_ratio"
      case pValue = "p_value"
      case disturbedRounds = "disturbed_rounds"
    }
  }
}
