// SPDX-License-Identifier: Apache-2.0

public import Counters

/// How the workers spent one phase, per iteration.
public struct PhaseProfile: Sendable {
  /// The phase's name: `kernel`, `reorder`, a transform.
  public var name: String
  /// Its tasks.
  public var tasks: Int
  /// Time inside tasks per worker, in nanoseconds per iteration.
  public var busyNanoseconds: [Double]
  /// Time waiting for the others behind it, per worker, in nanoseconds per iteration.
  public var waitNanoseconds: [Double]
  /// Tasks executed per worker and iteration.
  public var tasksPerWorker: [Double]
  /// Counts of its tasks per worker and iteration; empty where nothing counts.
  public var counters: [[CounterReading]] = []

  /// A phase of which nothing is known yet.
  init(name: String, tasks: Int, workers: Int) {
    self.name = name
    self.tasks = tasks
    busyNanoseconds = Array(repeating: 0, count: workers)
    waitNanoseconds = busyNanoseconds
    tasksPerWorker = busyNanoseconds
  }

  /// What stands between the nodes of a block that a phase is of, and the phase's own name.
  static let separator = ": "

  /// Whether it is a convolution's multiplying and adding, and neither laying data out for that
  /// nor what a block does besides.
  public var isArithmetic: Bool {
    let own = name.ranges(of: Self.separator).last.map { name[$0.upperBound...] } ?? name[...]
    return own == "kernel" || own == "convolution" || own.contains("gemm")
  }

  /// Largest over mean time inside tasks; nil where no worker has any.
  public var imbalance: Double? {
    guard let largest = busyNanoseconds.max(), largest > 0 else { return nil }
    return largest * Double(busyNanoseconds.count) / busyNanoseconds.reduce(0, +)
  }

  /// Adds the spans of one worker's visit; the phase's number is `phase`.
  mutating func add(_ spans: [ProfileSpan], phase: Int, worker: Int) {
    for span in spans where span.phase == phase {
      switch span.work {
      case .wait: waitNanoseconds[worker] += span.nanoseconds
      case .tasks(_, let count):
        busyNanoseconds[worker] += span.nanoseconds
        tasksPerWorker[worker] += Double(count)
      }
    }
  }

  /// Adds another visit's sums.
  mutating func add(_ other: PhaseProfile) {
    for worker in busyNanoseconds.indices {
      busyNanoseconds[worker] += other.busyNanoseconds[worker]
      waitNanoseconds[worker] += other.waitNanoseconds[worker]
      tasksPerWorker[worker] += other.tasksPerWorker[worker]
    }
  }

  /// From sums over `iterations` to values per iteration.
  mutating func divide(by iterations: Int) {
    for worker in busyNanoseconds.indices {
      busyNanoseconds[worker] /= Double(iterations)
      waitNanoseconds[worker] /= Double(iterations)
      tasksPerWorker[worker] /= Double(iterations)
    }
  }
}
