// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Glibc

/// What `getrusage` counts of one event in an interval.
struct UsageTally {
  /// The event's place in its group.
  let event: Int
  let field: ThreadUsage
  /// Whether the system refused to tell.
  private(set) var hasFailed = false
  private var before: Int64?

  init(event: Int, field: ThreadUsage) {
    self.event = event
    self.field = field
  }

  /// Begins an interval.
  mutating func begin() { before = field.current }

  /// Ends it; the count since it began, or nil where the system refuses.
  mutating func end() -> Int64? {
    guard let now = field.current, let before else {
      hasFailed = true
      return nil
    }
    return now - before
  }
}

/// What the kernel accounts for every thread, readable without any permission.
///
/// An unprivileged process may not count context switches through perf (they happen in the kernel,
/// and `perf_event_paranoid` 2 hides that side), but it may ask for its own total.
enum ThreadUsage: String, Sendable {
  case contextSwitches = "getrusage::CONTEXT-SWITCHES"

  /// The calling thread's count so far; nil where the system refuses.
  var current: Int64? {
    switch self {
    case .contextSwitches:
      let count = cpapi_context_switches()
      return count < 0 ? nil : Int64(clamping: count)
    }
  }
}

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
