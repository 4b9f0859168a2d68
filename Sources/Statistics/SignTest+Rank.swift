// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension SignTest {
  /// Rank of the interval's lower bound, counted from 1: between the values of this rank from
  /// below and from above lies the median, with at least `confidence`, whatever the distribution.
  ///
  /// Nil where even smallest and largest value do not reach the confidence: with fewer than
  /// `leastCount(confidence:)` values.
  ///
  /// Complexity: O(`count`).
  /// - Requires: `0 < confidence < 1`.
  /// - Source: David and Nagaraja, Order Statistics, 3rd ed., section 7.1.
  public static func rank(count: Int, confidence: Double) -> Int? {
    precondition(count >= 0 && confidence > 0 && confidence < 1)
    let tail = largestTail(confidence: confidence)
    var logTerm = -Double(count) * log(2)
    var cumulative = 0.0
    var rank = 0
    while 2 * rank < count {
      // A term too small for a Double is far below any level that can be asked for.
      cumulative += exp(logTerm)
      guard cumulative <= tail else { break }
      logTerm += log(Double(count - rank) / Double(rank + 1))
      rank += 1
    }
    return rank > 0 ? rank : nil
  }

  /// The rank of a series whose signs hang together: as many standard deviations from the middle
  /// as the exact one, where the variance is `inflation` times that of independent values.
  ///
  /// Nil where that lies beyond the smallest and largest value.
  static func rank(count: Int, confidence: Double, inflation: Double) -> Int? {
    guard let exact = rank(count: count, confidence: confidence) else { return nil }
    let middle = Double(count + 1) / 2
    let widened = middle - inflation.squareRoot() * (middle - Double(exact))
    // Without inflation the rank is the exact one, whatever the rounding.
    let rank = Int((widened + 1e-9).rounded(.down))
    return rank > 0 ? rank : nil
  }

  /// The least number of values that gives an interval: 6 at 95 %, 8 at 99 %.
  /// - Requires: `0 < confidence < 1`.
  public static func leastCount(confidence: Double) -> Int {
    precondition(confidence > 0 && confidence < 1)
    return Int((-log2(largestTail(confidence: confidence))).rounded(.up))
  }

  /// Probability allowed on one side, with room for the rounding of `1 - confidence` and of the
  /// sums: a level that equals a binomial tail exactly must count as reached.
  private static func largestTail(confidence: Double) -> Double {
    (1 - confidence) / 2 * (1 + 1e-10)
  }
}
