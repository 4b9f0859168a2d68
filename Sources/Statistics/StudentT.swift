// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Student's t distribution: a difference in units of a spread that was itself estimated.
/// - Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7; the incomplete beta
///   function by its continued fraction, 26.5.8.
enum StudentT {
  /// How likely a value at least this far from zero is, in either direction.
  /// - Requires: `freedom > 0`.
  static func tail(_ value: Double, freedom: Double) -> Double {
    precondition(freedom > 0)
    guard value.isFinite else { return 0 }
    return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + value * value))
  }

  /// The value that is exceeded, in either direction, with probability `tail`.
  /// - Requires: `0 < tail < 1` and `freedom > 0`.
  static func value(tail: Double, freedom: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    while self.tail(high, freedom: freedom) > tail { high *= 2 }
    while high - low > 1e-9 * high {
      let middle = (low + high) / 2
      if self.tail(middle, freedom: freedom) > tail { low = middle } else { high = middle }
    }
    return high
  }

  /// What a normal value exceeds, in either direction, but for this share.
  static func normal(confidence: Double) -> Double {
    value(tail: 1 - confidence, freedom: manyDegrees)
  }

  /// A normal distribution, as good as.
  static let manyDegrees = 1e6

  /// The regularised incomplete beta function.
  private static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    guard x <= (a + 1) / (a + b + 2) else { return 1 - incompleteBeta(b, a, 1 - x) }
    let logFront =
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)
    return exp(logFront) * continuedFraction(a, b, x) / a
  }

  /// Lentz's method.
  private static func continuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    func inverse(_ value: Double) -> Double { 1 / (abs(value) > 1e-300 ? value : 1e-300) }
    var c = 1.0
    var d = inverse(1 - (a + b) * x / (a + 1))
    var result = d
    for step in stride(from: 1.0, to: 500, by: 1) {
      let even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
      let odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
      for term in [even, odd] {
        d = inverse(1 + term * d)
        c = 1 + term * inverse(c)
        result *= c * d
      }
      if abs(c * d - 1) < 1e-13 { break }
    }
    return result
  }
}
