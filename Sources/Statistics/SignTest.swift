// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The exact sign test of "the median is zero", from how many values lie below and above.
///
/// A value of exactly zero (a tie: two times equal to the clock's last tick) speaks for the
/// hypothesis, so it counts against either direction. This is the test that belongs to the closed
/// order-statistic interval: the interval excludes zero exactly where `pValue <= 1 - confidence`.
/// Dropping ties, the textbook habit, tests another hypothesis and rejects more often than the
/// interval does.
/// - Source: Dixon and Mood, The Statistical Sign Test, JASA 41 (1946).
public struct SignTest: Hashable, Sendable {
  /// Values below zero.
  public let below: Int
  /// Values equal to zero.
  public let ties: Int
  /// Values above zero.
  public let above: Int

  /// A test of the given counts.
  /// - Requires: counts that are not negative.
  public init(below: Int, ties: Int, above: Int) {
    precondition(below >= 0 && ties >= 0 && above >= 0)
    self.below = below
    self.ties = ties
    self.above = above
  }

  /// A test of the signs of `values`.
  /// - Requires: no value is NaN.
  public init(_ values: [Double]) {
    precondition(!values.contains { $0.isNaN })
    let below = values.count { $0 < 0 }
    let above = values.count { $0 > 0 }
    self.init(below: below, ties: values.count - below - above, above: above)
  }

  /// All values.
  public var count: Int { below + ties + above }

  /// How likely a split at least this uneven is, in either direction, if the median is zero.
  public var pValue: Double { exp(logPValue) }

  /// Natural logarithm of `pValue`, for counts where the value itself is below the smallest
  /// `Double`.
  public var logPValue: Double {
    min(0, log(2) + FairBinomial.logCumulative(min(below, above) + ties, count: count))
  }
}
