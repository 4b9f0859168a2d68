// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many times larger one quantity is than another, from rounds that measured both.
///
/// Each round gives one ratio; what a round's slice of time did to both cancels in it. The estimate
/// is the median of the log ratios, its interval that of the exact sign test: no distribution is
/// assumed, and swapping the two sides inverts ratio and bounds.
public struct RatioEstimate: Hashable, Sendable {
  /// Median of the rounds' ratios.
  public let ratio: Double
  /// Lower bound of the ratio; nil where there are too few rounds for the confidence.
  public let lower: Double?
  /// Upper bound of the ratio; nil where there are too few rounds for the confidence.
  public let upper: Double?
  /// Number of rounds, ties included.
  public let rounds: Int
  /// Rounds in which both sides were equal.
  public let ties: Int
  /// How often, at least, an interval made like this one holds the true ratio.
  public let confidence: Double
  /// How likely rounds at least this one-sided are if the true ratio is 1, in either direction.
  ///
  /// At most `1 - confidence` exactly where the interval excludes 1.
  public let pValue: Double

  /// An estimate made elsewhere, such as one read from a file.
  public init(
    ratio: Double, lower: Double?, upper: Double?, rounds: Int, ties: Int,
    confidence: Double = 0.95, pValue: Double
  ) {
    self.ratio = ratio
    self.lower = lower
    self.upper = upper
    self.rounds = rounds
    self.ties = ties
    self.confidence = confidence
    self.pValue = pValue
  }

  /// The estimate of `numerators[i] / denominators[i]` over the rounds `i`.
  /// - Requires: as many numerators as denominators, at least one, all positive and finite;
  ///   `0 < confidence < 1`.
  public init(numerators: [Double], denominators: [Double], confidence: Double = 0.95) {
    precondition(numerators.count == denominators.count)
    precondition(numerators.allSatisfy { $0 > 0 && $0.isFinite })
    precondition(denominators.allSatisfy { $0 > 0 && $0.isFinite })
    // A difference of logarithms, not the logarithm of a quotient: it is exactly antisymmetric.
    let logRatios = zip(numerators, denominators).map { log($0) - log($1) }
    self.init(logRatios: logRatios, confidence: confidence)
  }

  /// The estimate from the rounds' log ratios.
  /// - Requires: at least one round, none NaN; `0 < confidence < 1`.
  public init(logRatios: [Double], confidence: Double = 0.95) {
    let interval = Estimate(samples: logRatios, confidence: confidence)
    let test = SignTest(logRatios)
    self.init(
      ratio: exp(interval.median), lower: interval.lower.map { exp($0) },
      upper: interval.upper.map { exp($0) }, rounds: test.count, ties: test.ties,
      confidence: confidence, pValue: test.pValue)
  }

  /// Width of the interval as a fraction of the ratio: 0.02 is about ±1 %.
  public var relativeWidth: Double? {
    guard let lower, let upper else { return nil }
    return (upper - lower) / ratio
  }

  /// Whether a ratio of 1 is outside the interval.
  public var excludesOne: Bool {
    guard let lower, let upper else { return false }
    return lower > 1 || upper < 1
  }
}
