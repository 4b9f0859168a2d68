// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What identical code differs by on this machine: the smallest difference that can mean something.
public struct NoiseFloor: Hashable, Sendable {
  /// The floor as a fraction: 0.01 means a factor of 1.01 or 1/1.01.
  public let relative: Double
  /// Share of further comparisons of identical code that stay within the floor, as far as it was
  /// asked for and the number of repetitions can promise it.
  public let coverage: Double

  /// A floor measured elsewhere, such as one stored with a baseline.
  /// - Requires: `relative >= 0` and `0 <= coverage <= 1`.
  public init(relative: Double, coverage: Double) {
    precondition(relative >= 0 && coverage >= 0 && coverage <= 1)
    self.relative = relative
    self.coverage = coverage
  }

  /// The floor from repeated comparisons of identical code (A/A): the `quantile` of the absolute
  /// log of their ratios.
  ///
  /// The quantile is the order statistic of rank ⌈q·(n + 1)⌉, which a further comparison exceeds
  /// with probability at most 1 − q, not the interpolated one, which few repetitions make too
  /// small. With fewer than q/(1 − q) repetitions it is the largest, and `coverage` says what that
  /// is worth.
  /// - Requires: at least one repetition; `0 < quantile < 1`.
  public init(repetitions: [RatioEstimate], quantile: Double = 0.95) {
    precondition(!repetitions.isEmpty && quantile > 0 && quantile < 1)
    let distances = ascending(repetitions.map { abs(log($0.ratio)) })
    let wanted = Int((quantile * Double(distances.count + 1) - 1e-9).rounded(.up))
    let rank = min(wanted, distances.count)
    self.init(
      relative: expm1(distances[rank - 1]),
      coverage: min(quantile, Double(rank) / Double(distances.count + 1)))
  }

  /// The floor from one long comparison of identical code.
  ///
  /// It is the bound of the interval that is farther from 1; nil where there are no bounds.
  /// It knows nothing of differences that stay for a whole process, such as where its memory lies:
  /// repetitions in fresh processes do.
  public init?(series: RatioEstimate) {
    guard let lower = series.lower, let upper = series.upper else { return nil }
    self.init(
      relative: expm1(max(abs(log(lower)), abs(log(upper)))), coverage: series.confidence)
  }
}
