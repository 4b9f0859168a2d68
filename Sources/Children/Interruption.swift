// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Synchronization

/// A request to stop as soon as what is measured so far can be kept.
public final class Interruption: Sendable {
  private let flag = Atomic(false)
  private let followsSignals: Bool

  /// No request yet.
  public convenience init() { self.init(followsSignals: false) }

  private init(followsSignals: Bool) { self.followsSignals = followsSignals }

  /// The requests that reach this process as SIGINT, SIGTERM or SIGHUP.
  public static let bySignal = Interruption(followsSignals: true)

  /// Asks to stop; may be called from any thread, any number of times.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Whether stopping was asked for.
  public var isRequested: Bool {
    flag.load(ordering: .relaxed) || (followsSignals && cplatform_stop_signal() != 0)
  }

  /// The signal that asked, for passing it on; SIGTERM where it was something else.
  var signal: Int32 {
    let received = followsSignals ? cplatform_stop_signal() : 0
    return received != 0 ? received : Self.terminate
  }

  private static let terminate: Int32 = 15
}

extension Interruption {
  /// Lets signals that ask to stop end this process at once with `code`, until somebody
  /// `stopsPolitely`; a child process of ours is ended either way.
  public static func takeSignals(exitingWith code: Int32) { cplatform_take_stop_signals(code) }

  /// From now on a signal is a request, which the caller looks at; a second one ends the process, and
  /// so does time where the caller has not ended it within two seconds.
  public static func stopsPolitely() -> Interruption {
    cplatform_stop_politely()
    return bySignal
  }
}
