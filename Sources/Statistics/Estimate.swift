// SPDX-License-Identifier: Apache-2.0

/// The median of some samples, and the interval in which the true median lies.
///
/// The bounds are order statistics: they assume no distribution, only samples that are independent
/// of each other. - Units: those of the samples.
public struct Estimate: Hashable, Sendable {
  /// The middle sample, or the middle between two.
  public let median: Double
  /// Lower bound of the median; nil where there are too few samples for the confidence.
  public let lower: Double?
  /// Upper bound of the median; nil where there are too few samples for the confidence.
  public let upper: Double?
  /// The smallest sample.
  public let minimum: Double
  /// Number of samples.
  public let count: Int

  /// An estimate made elsewhere, such as one read from a file.
  public init(median: Double, lower: Double?, upper: Double?, minimum: Double, count: Int) {
    self.median = median
    self.lower = lower
    self.upper = upper
    self.minimum = minimum
    self.count = count
  }

  /// The estimate from `samples`, its interval good for at least `confidence`.
  /// - Requires: at least one sample, none NaN; `0 < confidence < 1`.
  public init(samples: [Double], confidence: Double = 0.95) {
    let sorted = ascending(samples)
    precondition(!sorted.isEmpty)
    let rank = SignTest.rank(count: sorted.count, confidence: confidence)
    self.init(
      median: quantile(0.5, ofSorted: sorted),
      lower: rank.map { sorted[$0 - 1] },
      upper: rank.map { sorted[sorted.count - $0] },
      minimum: sorted[0],
      count: sorted.count)
  }

  /// Width of the interval as a fraction of the median: 0.02 is about ±1 %.
  public var relativeWidth: Double? {
    guard let lower, let upper else { return nil }
    return (upper - lower) / median
  }
}
