// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The clock of every measurement: monotonic, not adjusted by NTP steps, read without a system
/// call where the kernel offers it.
enum Clock {
  /// Nanoseconds since some fixed point.
  @inline(__always)
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  /// What reading the clock twice in a row shows, in nanoseconds: median of many.
  static func overhead() -> Double {
    var gaps: [UInt64] = []
    for _ in 0..<1001 {
      let first = now()
      gaps.append(now() - first)
    }
    return Double(gaps.sorted()[gaps.count / 2])
  }
}
