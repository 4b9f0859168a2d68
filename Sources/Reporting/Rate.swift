// SPDX-License-Identifier: Apache-2.0

/// A quotient of two positive amounts: a throughput, a share, a factor.
///
/// Work without multiply-accumulates has no GFLOP/s, no promise and no share of the FMA peak; such a
/// quotient is nil here, never zero, infinite or NaN, so none of these can be printed.
public struct Rate: Hashable, Comparable, Sendable {
  /// The quotient: positive and finite.
  public let value: Double

  /// The quotient of `amount` and `divisor`; nil where one of them is not positive, or the quotient
  /// no finite number.
  public init?(_ amount: Double, per divisor: Double = 1) {
    let quotient = amount / divisor
    guard amount > 0, divisor > 0, quotient.isFinite, quotient > 0 else { return nil }
    value = quotient
  }

  /// The quotient of two counts.
  public init?(_ amount: Int, per divisor: Int) {
    self.init(Double(amount), per: Double(divisor))
  }

  /// The same the other way round; nil where that is beyond the largest number.
  public var inverse: Rate? { Rate(1, per: value) }

  /// The quotient in hundredths.
  public var percent: Double { 100 * value }

  /// Smaller first.
  public static func < (left: Rate, right: Rate) -> Bool { left.value < right.value }
}
