// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// All cases of a gate together: `all_cases` in gate.json.
///
/// What slows every case by less than any of them could show, such as the loop that all of them run
/// in, shows in their mean. It is taken in each session and judged over the sessions, as a case is.
public struct GateOverall: Codable, Hashable, Sendable {
  /// Number of cases.
  public var cases: Int
  /// What their mean must exceed, as a fraction.
  public var margin: Double
  /// The final verdict.
  public var verdict: String
  /// The first stage.
  public var screening: GateCase.Stage
  /// The second stage, in fresh processes; nil where there was nothing to confirm.
  public var confirmation: GateCase.Stage?
  /// Smallest slowdown of all cases that would have been caught, as a fraction.
  public var detectableSlowdown: Double?

  /// A verdict on all cases.
  public init(
    cases: Int, margin: Double, verdict: Verdict, screening: GateCase.Stage,
    confirmation: GateCase.Stage?, detectableSlowdown: Double?
  ) {
    self.cases = cases
    self.margin = margin
    self.verdict = verdict.rawValue
    self.screening = screening
    self.confirmation = confirmation
    self.detectableSlowdown = detectableSlowdown
  }

  /// What was measured last.
  public var decisive: GateCase.Stage { confirmation ?? screening }

  /// The verdict as the statistics name it.
  public var judged: Verdict? { Verdict(rawValue: verdict) }

  private enum CodingKeys: String, CodingKey {
    case cases, margin, verdict, screening, confirmation
    case detectableSlowdown = "detectable_slowdown"
  }
}
