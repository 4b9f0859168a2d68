// SPDX-License-Identifier: Apache-2.0

/// A call to PAPI that failed.
struct PAPIFailure: Error, Hashable, Sendable {
  /// The calls that an event goes through before it has a value.
  enum Stage: String, Sendable {
    case register = "this thread cannot be registered"
    case resolve = "unknown event"
    case create = "no event set"
    case add = "cannot be added"
    case start = "cannot be started"
    case read = "cannot be read"
  }

  /// The call.
  var stage: Stage
  /// PAPI's status code; positive where the call passed and its result cannot be true.
  var status: Int32

  /// A status of our own: the call passed, but a counter that must advance did not.
  static let standsStill: Int32 = 1
}
