// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// A request to stop as soon as what is measured so far can be kept.
public final class Interruption: Sendable {
  private let flag = Atomic(false)

  /// No request yet.
  public init() {}

  /// Asks to stop; may be called from any thread, any number of times.
  public func request() { flag.store(true, ordering: .relaxed) }

  /// Whether stopping was asked for.
  public var isRequested: Bool { flag.load(ordering: .relaxed) }
}
