// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Synchronization

/// A request to stop as soon as what is measured so far can be kept.
public final class Interruption: Sendable {
  private let flag = Atomic(false)
  private let followsSignals: Bool
  private let outer: Interruption?
  private let end: ContinuousClock.Instant?

  /// No request yet.
  public convenience init() { self.init(followsSignals: false) }

  private init(
    followsSignals: Bool, within outer: Interruption? = nil, end: ContinuousClock.Instant? = nil
  ) {
    self.followsSignals = followsSignals
    self.outer = outer
    self.end = end
  }

  /// The same requests, and one more when so many seconds from now are over.
  public func after(seconds: Double) -> Interruption {
    Interruption(followsSignals: false, within: self, end: .now + .seconds(seconds))
  }

  /// The requests that reach this process as SIGINT, SIGTERM or SIGHUP.
  public static let bySignal = Interruption(followsSignals: true)

  /// Asks to stop; may be called from any thread, any number of times.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Whether stopping was asked for.
  public var isRequested: Bool {
    flag.load(ordering: .relaxed) || (followsSignals && cplatform_stop_signal() != 0)
      || outer?.isRequested == true || end.map { ContinuousClock.now >= $0 } == true
  }

  /// Whether it is the end of the time that asks, and nobody else.
  public var isOutOfTime: Bool { isRequested && outer?.isRequested == false }

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
