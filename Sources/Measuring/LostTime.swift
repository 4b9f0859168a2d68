// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a worker lost of the timed part of a visit because something else ran on its CPU.
public struct LostTime: Hashable, Sendable {
  /// Nanoseconds that it was ready, or asleep behind one that was, and did not run.
  public var nanoseconds = 0.0
  /// How often it had to give up its CPU.
  public var switches = 0

  /// Nothing lost.
  public init() {}

  /// Both together.
  static func += (total: inout LostTime, more: LostTime) {
    total.nanoseconds += more.nanoseconds
    total.switches += more.switches
  }

  /// This much lost.
  public init(nanoseconds: Double, switches: Int) {
    self.nanoseconds = nanoseconds
    self.switches = switches
  }
}

/// A thread's clocks at one moment: how long it has run, and how often it was made to stop.
///
/// Read by the worker itself just outside of what is timed; two system calls, under a microsecond.
/// Seen from outside, as in /proc, a wait before the clock cannot be told from one inside it.
struct WorkerTime {
  private var wall: UInt64
  private var running: UInt64
  private var switches: Int

  /// `RUSAGE_THREAD` of Linux, which glibc shows only where GNU extensions are asked for.
  private static let thisThread: Int32 = 1

  @inline(__always)
  static func now() -> WorkerTime {
    var usage = rusage()
    getrusage(Self.thisThread, &usage)
    var running = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &running)
    return WorkerTime(
      wall: Clock.now(),
      running: UInt64(clamping: running.tv_sec) &* 1_000_000_000
        &+ UInt64(clamping: running.tv_nsec),
      switches: usage.ru_nivcsw)
  }

  /// What was lost since `earlier`: nothing where the worker never had to stop, since sleeping at a
  /// barrier is part of the work.
  func lost(since earlier: WorkerTime) -> LostTime {
    let switches = switches - earlier.switches
    guard switches > 0 else { return LostTime() }
    let passed = wall &- earlier.wall
    let ran = running &- earlier.running
    return LostTime(
      nanoseconds: passed > ran ? Double(passed - ran) : 0, switches: switches)
  }
}
