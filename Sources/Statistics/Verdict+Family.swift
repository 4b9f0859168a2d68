// SPDX-License-Identifier: Apache-2.0

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
      let isClaim = verdict == .faster || verdict == .slower
      return isClaim && pValue > familyWiseError ? .inconclusive : verdict
    }
  }
}
