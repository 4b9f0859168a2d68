// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension RatioEstimate {
  /// How many times larger one quantity is than another where the two were *not* measured in the
  /// same rounds, such as this run against a stored one.
  ///
  /// The ratio of the medians. Its interval divides the bounds of two intervals, each good for
  /// half the error, so it is conservative; both are widened for correlation within their series.
  /// What differed between the two runs as a whole is not in it: that is what a noise floor is for.
  /// - Requires: at least one sample on each side, all positive and finite; `0 < confidence < 1`.
  public init(
    unpairedNumerators numerators: [Double], denominators: [Double], confidence: Double = 0.95
  ) {
    precondition((numerators + denominators).allSatisfy { $0 > 0 && $0.isFinite })
    precondition(confidence > 0 && confidence < 1)
    let above = Series(numerators)
    let below = Series(denominators)
    let interval = above.ratio(to: below, error: 1 - confidence)
    self.init(
      ratio: median(of: numerators) / median(of: denominators), lower: interval?.lower,
      upper: interval?.upper, rounds: min(numerators.count, denominators.count), ties: 0,
      confidence: confidence, pValue: above.pValue(against: below))
  }

  /// Samples sorted once, their correlation known once.
  private struct Series {
    let sorted: [Double]
    let inflation: Double

    init(_ series: [Double]) {
      sorted = ascending(series)
      inflation = SerialCorrelation.varianceInflation(of: series)
    }

    func bounds(error: Double) -> (lower: Double, upper: Double)? {
      let rank = SignTest.rank(count: sorted.count, confidence: 1 - error, inflation: inflation)
      return rank.map { (sorted[$0 - 1], sorted[sorted.count - $0]) }
    }

    func ratio(to other: Series, error: Double) -> (lower: Double, upper: Double)? {
      guard let own = bounds(error: error / 2), let its = other.bounds(error: error / 2) else {
        return nil
      }
      return (own.lower / its.upper, own.upper / its.lower)
    }

    /// The smallest error at which the interval still excludes 1, found by bisection because the
    /// intervals are nested; the larger end of the last bracket, to stay on the safe side.
    func pValue(against other: Series) -> Double {
      func excludesOne(_ logError: Double) -> Bool {
        guard let interval = ratio(to: other, error: exp(logError)) else { return false }
        return interval.lower > 1 || interval.upper < 1
      }
      var (rejecting, keeping) = (-1e-6, log(1e-15))
      guard excludesOne(rejecting) else { return 1 }
      while rejecting - keeping > 1e-6 {
        let middle = (rejecting + keeping) / 2
        if excludesOne(middle) { rejecting = middle } else { keeping = middle }
      }
      return exp(rejecting)
    }
  }
}
