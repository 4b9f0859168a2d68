// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The clock that shares of time are reckoned by.
enum MonotonicClock {
  /// Nanoseconds since some fixed moment.
  @inline(__always)
  static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
