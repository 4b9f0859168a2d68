// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Tails of the binomial distribution with success probability one half, in log space so that
/// counts far beyond the 1074 halvings of a `Double` stay exact.
enum FairBinomial {
  /// Natural logarithm of `P(X ≤ successes)` for `X ~ Binomial(count, ½)`.
  ///
  /// Complexity: O(`count`).
  static func logCumulative(_ successes: Int, count: Int) -> Double {
    precondition(count >= 0)
    guard successes >= 0 else { return -.infinity }
    guard successes < count else { return 0 }
    guard 2 * successes < count else {
      return log1p(-exp(logCumulative(count - successes - 1, count: count)))
    }
    return logProbability(successes, count: count) + log(tailSum(successes, count: count))
  }

  /// Natural logarithm of `P(X = successes)`.
  private static func logProbability(_ successes: Int, count: Int) -> Double {
    var sum = -Double(count) * log(2)
    for factor in stride(from: 1, through: successes, by: 1) {
      sum += log(Double(count - successes + factor) / Double(factor))
    }
    return sum
  }

  /// `P(X ≤ successes) / P(X = successes)`: terms below the half shrink, so the sum stays small.
  private static func tailSum(_ successes: Int, count: Int) -> Double {
    var term = 1.0
    var sum = 1.0
    for remaining in stride(from: successes, to: 0, by: -1) {
      term *= Double(remaining) / Double(count - remaining + 1)
      sum += term
    }
    return sum
  }
}
