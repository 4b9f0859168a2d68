// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// How long the visits of a round last: about equally long, whatever one iteration takes.
///
/// What interrupts a worker hits long visits and spares short ones, so where one entry of a pair
/// takes 30 times as long as the other, forming a ratio inside the round cancels nothing.
enum VisitLength {
  /// Up to this length every visit is as long as the slowest entry's, in nanoseconds; beyond, a
  /// round of many entries would take seconds.
  static let longestCommon = 10_000_000.0
  /// Beyond it the other visits are at least this share of the longest.
  static let leastShare = 0.25

  /// The length for a group whose slowest iteration takes `slowest`, in nanoseconds, `least` at
  /// least.
  static func nanoseconds(slowest: Double, least: Double) -> Double {
    guard slowest > longestCommon else { return max(least, slowest) }
    return max(longestCommon, leastShare * slowest)
  }

  /// Iterations per visit of entries that take `times` for one, in nanoseconds; 1 where it is not
  /// known.
  static func iterations(
    _ times: [Double?], least: Double = MeasuringOptions.leastSampleNanoseconds
  ) -> [Int] {
    let known = times.compactMap { $0 }.filter { $0 > 0 }
    let length = nanoseconds(slowest: known.max() ?? 0, least: least)
    return times.map { time in
      guard let time, time > 0 else { return 1 }
      return Int(clamping: (length / time).rounded(), to: 1...Int.max)
    }
  }
}
