// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// Turns what the two stages of a gate measured into verdicts.
///
/// The unit of the statistics is a *session*: a fresh process of each build. What a process has by
/// chance, such as where its memory lies, stays for all its rounds, so rounds of one process are no
/// independent evidence; sessions are. A session contributes the median of its rounds' ratios.
public struct GateJudge: Sendable {
  /// What counts as a regression.
  public let policy: GatePolicy

  /// A judge that follows `policy`.
  public init(_ policy: GatePolicy) {
    self.policy = policy
  }

  /// One session's value from the log ratios (base over new) of its rounds; nil where there are
  /// none.
  public static func session(_ logRatios: [Double]) -> Double? {
    logRatios.isEmpty ? nil : median(of: logRatios)
  }

  /// The speedup of a case, base over new, from its sessions' values.
  /// - Parameters:
  ///   - sessions: At least one value.
  ///   - family: Number of cases that the error is shared by.
  /// - Returns: the estimate, its interval at the confidence of the family's strictest test.
  public func speedup(_ sessions: [Double], family: Int) -> RatioEstimate {
    RatioEstimate(
      logRatios: sessions, confidence: 1 - policy.familyWiseError / Double(max(family, 1)))
  }

  /// The verdicts on all cases of a stage together; nil where a case has no session.
  public func verdicts(_ cases: [[Double]]) -> [Verdict?] {
    let measured = cases.indices.filter { !cases[$0].isEmpty }
    let speedups = measured.map { speedup(cases[$0], family: measured.count) }
    let found = Verdict.family(
      speedups, noiseFloor: policy.noiseFloor, threshold: policy.threshold,
      familyWiseError: policy.familyWiseError)
    var verdicts = [Verdict?](repeating: nil, count: cases.count)
    for (place, verdict) in zip(measured, found) { verdicts[place] = verdict }
    return verdicts
  }

  /// The final verdict of a case: `slower` only where both stages say so.
  ///
  /// A suspect that its second run clears takes that run's verdict, since the second run was not
  /// chosen for looking slow; one that the second run calls faster contradicts itself.
  /// - Parameters:
  ///   - screening: The verdict of the first stage.
  ///   - confirmation: That of the second stage; nil where the case was not measured again.
  /// - Returns: what the gate says about the case.
  public static func final(screening: Verdict, confirmation: Verdict?) -> Verdict {
    guard screening == .slower else { return screening }
    return switch confirmation {
    case .slower: .slower
    case .same: .same
    case .faster, .inconclusive, nil: .inconclusive
    }
  }
}
