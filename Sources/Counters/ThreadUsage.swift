// SPDX-License-Identifier: Apache-2.0

internal import CPAPI

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
