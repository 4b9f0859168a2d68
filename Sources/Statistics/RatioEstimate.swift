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
    self.init(logRatios: Self.logRatios(numerators, denominators), confidence: confidence)
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

  /// The estimate from the log ratios of rounds in the order in which they were measured, its interval
  /// and its p-value widened by as much as neighbouring ones resemble each other.
  ///
  /// What slows one side more than the other, such as a neighbour in the same cache, stays for many
  /// rounds, so one ratio says something about the next.
  /// - Requires: at least one round, none NaN; `0 < confidence < 1`.
  public init(series logRatios: [Double], confidence: Double = 0.95) {
    let interval = Estimate(series: logRatios, confidence: confidence)
    let test = SignTest(logRatios)
    self.init(
      ratio: exp(interval.median), lower: interval.lower.map { exp($0) },
      upper: interval.upper.map { exp($0) }, rounds: test.count, ties: test.ties,
      confidence: confidence, pValue: Self.pValue(series: logRatios, test))
  }

  /// The estimate from log ratios that would be symmetric about zero if both sides were alike, as
  /// those of two builds in processes of their own are: see `SignedRank`.
  ///
  /// Its center is that of Hodges and Lehmann.
  /// - Parameters:
  ///   - logRatios: At least one, none NaN.
  ///   - confidence: That of the interval; between 0 and 1.
  ///   - inflation: By what factor their correlation widens the variance; at least 1.
  public init(symmetric logRatios: [Double], confidence: Double = 0.95, inflation: Double = 1) {
    // So many need no sharper test, and the exact one takes their third power.
    guard logRatios.count <= Self.mostForSignedRank else {
      self.init(series: logRatios, confidence: confidence)
      return
    }
    let test = SignedRank(logRatios, inflation: inflation)
    let interval = test.interval(confidence: confidence)
    self.init(
      ratio: exp(test.center), lower: interval.map { exp($0.lower) },
      upper: interval.map { exp($0.upper) }, rounds: logRatios.count,
      ties: logRatios.count { $0 == 0 }, confidence: confidence, pValue: test.pValue)
  }

  /// The factor for `init(symmetric:confidence:inflation:)`, from all series that were measured
  /// together, each in the order in which it was.
  public static func commonInflation(of series: [[Double]]) -> Double {
    SerialCorrelation.commonInflation(of: series)
  }

  static let mostForSignedRank = 400

  /// The smallest error at which the interval still excludes 1, found by bisection because the
  /// intervals are nested; the larger end of the last bracket, to stay on the safe side.
  private static func pValue(series: [Double], _ test: SignTest) -> Double {
    let inflation = SerialCorrelation.varianceInflation(of: series)
    guard inflation > 1 else { return test.pValue }
    let sorted = ascending(series)
    func excludesOne(_ logError: Double) -> Bool {
      let rank = SignTest.rank(
        count: sorted.count, confidence: 1 - exp(logError), inflation: inflation)
      guard let rank else { return false }
      return sorted[rank - 1] > 0 || sorted[sorted.count - rank] < 0
    }
    var (rejecting, keeping) = (-1e-6, log(1e-15))
    guard excludesOne(rejecting) else { return 1 }
    while rejecting - keeping > 1e-6 {
      let middle = (rejecting + keeping) / 2
      if excludesOne(middle) { rejecting = middle } else { keeping = middle }
    }
    return exp(rejecting)
  }

  /// The same with a known factor, such as that of the work on both sides.
  public func scaled(by factor: Double) -> RatioEstimate {
    RatioEstimate(
      ratio: factor * ratio, lower: lower.map { factor * $0 }, upper: upper.map { factor * $0 },
      rounds: rounds, ties: ties, confidence: confidence, pValue: pValue)
  }

  /// The same ratio where nothing is known of its error.
  public var withoutBounds: RatioEstimate {
    RatioEstimate(
      ratio: ratio, lower: nil, upper: nil, rounds: rounds, ties: ties, confidence: confidence,
      pValue: 1)
  }

  /// Width of the interval as a fraction of the ratio: 0.02 is about ±1 %.
  public var relativeWidth: Double? {
    guard let lower, let upper else { return nil }
    return (upper - lower) / ratio
  }

  /// The rounds' log ratios.
  ///
  /// Differences of logarithms, not the logarithms of quotients: these are exactly antisymmetric.
  /// - Requires: all positive.
  public static func logRatios(_ numerators: [Double], _ denominators: [Double]) -> [Double] {
    zip(numerators, denominators).map { log($0) - log($1) }
  }

  /// The width of an interval of log ratios, as a fraction of the ratio.
  public static func relativeWidth(of logRatio: Estimate) -> Double? {
    guard let lower = logRatio.lower, let upper = logRatio.upper else { return nil }
    return exp(upper - logRatio.median) - exp(lower - logRatio.median)
  }

  /// Whether a ratio of 1 is outside the interval.
  public var excludesOne: Bool {
    guard let lower, let upper else { return false }
    return lower > 1 || upper < 1
  }
}

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
  /// Where a claim needs more confidence than the interval has, as in a family of cases, h grows as a
  /// normal distribution's quantile does: correlated rounds may have no interval at that confidence, and
  /// show a large effect all the same.
  /// - Parameters:
  ///   - margin: The larger of noise floor and threshold, at least 0.
  ///   - confidence: That which a claim needs; nil for the interval's own.
  /// - Returns: the slowdown; nil where there are no bounds, or too few rounds for that confidence.
  public func detectableEffect(margin: Double = 0, confidence: Double? = nil) -> Double? {
    precondition(margin >= 0)
    let needed = confidence ?? self.confidence
    guard let lower, let upper else { return nil }
    if needed > self.confidence, rounds < SignTest.leastCount(confidence: needed) { return nil }
    let farther = max(log(upper) - log(ratio), log(ratio) - log(lower))
    let growth =
      needed == self.confidence
      ? 1 : StudentT.normal(confidence: needed) / StudentT.normal(confidence: self.confidence)
    let reach = farther * growth
    return expm1(reach + max(reach, log1p(margin)))
  }
}
