// SPDX-License-Identifier: Apache-2.0

/// A stretch of one worker's time in a profiled iteration.
public struct ProfileSpan: Hashable, Sendable {
  /// What the worker did.
  public enum Work: Hashable, Sendable {
    /// It executed `count` tasks, beginning with `first`; under the dynamic partition those after
    /// the first need not follow it.
    case tasks(first: Int, count: Int)
    /// It waited for the others at the end of the phase.
    case wait
  }

  /// The worker's number.
  public var worker: Int
  /// Index of the phase.
  public var phase: Int
  /// The iteration, from 0.
  public var iteration: Int
  /// What was done.
  public var work: Work
  /// Beginning, in nanoseconds of the monotonic clock.
  public var start: UInt64
  /// End.
  public var end: UInt64

  /// Its length in nanoseconds.
  public var nanoseconds: Double { Double(end - start) }
}
