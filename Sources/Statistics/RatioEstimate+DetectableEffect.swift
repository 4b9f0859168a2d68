// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension RatioEstimate {
  /// The smallest slowdown that rounds as noisy as these would have shown.
  ///
  /// A fraction: 0.02 means a time 1.02 times as long. Nil where there are no bounds.
  ///
  /// Let h be how far, in logarithms, the farther bound lies from the median: how far, at the
  /// confidence used, the median may lie from the truth. A true slowdown of δ (in logarithms) is
  /// found if, even with a median that is off by h towards 1, the interval still excludes 1
  /// (δ ≥ 2h) and the median is still beyond the margin (δ ≥ h + log(1 + margin)). So
  /// δ = h + max(h, log(1 + margin)). A slowdown of only h would be found every second time; of δ,
  /// simulated repetitions of 40 rounds found 98 %, and 88 % under noise with two modes.
  ///
  /// For a gate over m cases, use an estimate at the confidence of its strictest test,
  /// `1 - familyWiseError / m`.
  /// - Requires: `margin >= 0`, the larger of noise floor and threshold.
  public func detectableEffect(margin: Double = 0) -> Double? {
    precondition(margin >= 0)
    guard let lower, let upper else { return nil }
    let reach = max(log(upper) - log(ratio), log(ratio) - log(lower))
    return expm1(reach + max(reach, log1p(margin)))
  }
}
