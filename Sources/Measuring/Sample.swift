// SPDX-License-Identifier: Apache-2.0

/// What one visit to an entry in one round showed.
public struct Sample: Sendable {
  /// Time of all iterations together, in nanoseconds.
  public var nanoseconds: Double
  /// Iterations that the time covers.
  public var iterations: Int
  /// What each worker lost of it; nil where that is not seen.
  public var lost: [LostTime]?
  /// How often workers changed their CPU; nil where that is not seen, or seen for the whole round.
  public var migrations: Int?
  /// What a hypervisor took from their CPUs, in nanoseconds; nil as for `migrations`.
  public var stolenNanoseconds: Double?

  /// A visit.
  public init(
    nanoseconds: Double, iterations: Int, lost: [LostTime]?, migrations: Int? = nil,
    stolenNanoseconds: Double? = nil
  ) {
    self.nanoseconds = nanoseconds
    self.iterations = iterations
    self.lost = lost
    self.migrations = migrations
    self.stolenNanoseconds = stolenNanoseconds
  }

  /// Time of one iteration, in nanoseconds.
  var perIteration: Double { nanoseconds / Double(iterations) }
}

/// How each worker spent one instrumented visit.
public struct WorkerShare: Codable, Hashable, Sendable {
  /// The worker's number.
  public var worker: Int
  /// The CPU it is pinned to.
  public var cpu: Int
  /// Time inside tasks, in nanoseconds per iteration; the rest is waiting for the others.
  public var busyNanoseconds: Double
  /// Tasks executed per iteration.
  public var tasks: Double

  /// A share.
  public init(worker: Int, cpu: Int, busyNanoseconds: Double, tasks: Double) {
    self.worker = worker
    self.cpu = cpu
    self.busyNanoseconds = busyNanoseconds
    self.tasks = tasks
  }
}
