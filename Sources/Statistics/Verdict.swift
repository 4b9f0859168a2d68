// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a comparison shows about a contender against its baseline.
public enum Verdict: String, CaseIterable, Hashable, Sendable {
  /// The contender takes less time, by more than the margin.
  case faster
  /// The contender takes more time, by more than the margin.
  case slower
  /// Whatever the difference is, it is too small to matter.
  case same
  /// The rounds do not decide between the others.
  case inconclusive

  /// Whether it says that there is a difference.
  public var isClaim: Bool { self == .faster || self == .slower }

  /// The verdict on a speedup: baseline time over contender time, so above 1 is faster.
  ///
  /// The margin is the larger of noise floor and threshold, and means a factor: 0.02 is 1.02 or
  /// 1/1.02. `faster` and `slower` need an interval that excludes 1 *and* a median beyond the
  /// margin; `same` needs the whole interval within the threshold, even where it excludes 1, or
  /// within the noise floor where there is no threshold.
  /// Everything else is `inconclusive`, as is an estimate without bounds.
  /// - Parameters:
  ///   - speedup: Baseline time over contender time.
  ///   - noiseFloor: What identical code has been seen to differ by, as a fraction.
  ///   - threshold: The smallest difference that matters, as a fraction.
  public init(speedup: RatioEstimate, noiseFloor: Double, threshold: Double = 0) {
    precondition(noiseFloor >= 0 && threshold >= 0)
    let margin = 1 + max(noiseFloor, threshold)
    let sameness = 1 + (threshold > 0 ? threshold : noiseFloor)
    guard let lower = speedup.lower, let upper = speedup.upper else {
      self = .inconclusive
      return
    }
    if speedup.ratio > margin && lower > 1 {
      self = .faster
    } else if speedup.ratio < 1 / margin && upper < 1 {
      self = .slower
    } else if lower >= 1 / sameness && upper <= sameness {
      self = .same
    } else {
      self = .inconclusive
    }
  }
}

extension Verdict {
  /// The verdicts on all comparisons of a suite or gate, so that the chance of *any* false
  /// `faster` or `slower` among them is at most `familyWiseError`.
  ///
  /// A claim must also survive Holm's correction of the sign tests; one that does not is
  /// `inconclusive`. Order follows `speedups`.
  /// - Parameters:
  ///   - speedups: Baseline time over contender time, one per comparison.
  ///   - noiseFloor: What identical code has been seen to differ by, as a fraction.
  ///   - threshold: The smallest difference that matters, as a fraction.
  ///   - familyWiseError: Probability of a false claim that is accepted over all comparisons.
  /// - Returns: One verdict per comparison.
  public static func family(
    _ speedups: [RatioEstimate], noiseFloor: Double, threshold: Double = 0,
    familyWiseError: Double = 0.01
  ) -> [Verdict] {
    let adjusted = HolmCorrection(pValues: speedups.map(\.pValue)).adjusted
    return zip(speedups, adjusted).map { speedup, pValue in
      let verdict = Verdict(speedup: speedup, noiseFloor: noiseFloor, threshold: threshold)
      return verdict.isClaim && pValue > familyWiseError ? .inconclusive : verdict
    }
  }
}
