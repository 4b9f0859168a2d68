// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Counters
public import Planning
public import Statistics

/// What an entry of the plan turned out to cost.
public struct CaseResult: Sendable {
  /// What was measured.
  public var entry: PlanEntry
  /// What became of it.
  public var status: RowStatus
  /// Why it is not `ok`, or what the reader should know; empty where there is nothing to say.
  public var reason: String
  /// Time of one iteration, in nanoseconds; nil where it was not timed.
  public var time: Estimate?
  /// Time of one iteration in each round, in nanoseconds.
  public var samples: [Double] = []
  /// What the machine did in each round; empty where it was not watched.
  public var rounds: [Disturbance] = []
  /// Whether each round counts for the estimates; empty where all do.
  public var counted: [Bool] = []
  /// The fresh process of each round, from 0; empty where all are of this one.
  public var processes: [Int] = []
  /// Iterations in each round.
  public var iterations = 0
  /// Iterations before them, without a clock.
  public var warmUp = 0
  /// Why measuring stopped: the `stopped_by` column; empty where it never began.
  public var stoppedBy = ""
  /// FMA throughput beside the rounds, in GFLOP/s of all workers together: median of a
  /// calibration loop of the widest instruction set; nil where it was not run.
  public var calibration: Double?
  /// What the contender chose by itself.
  public var implementation: String?
  /// Memory beyond tensors and packed weights, in bytes; nil where not known.
  public var scratchBytes: Int?
  /// How closely it follows the textbook sum; nil where it never got so far as to say.
  public var accuracy: AccuracyClass?
  /// Root mean square error over that of the reference, the worst step; nil where not verified.
  public var relativeRMSError: Double?
  /// How each worker spent an instrumented visit; empty where it cannot be seen.
  public var shares: [WorkerShare] = []
  /// Counter readings per worker and iteration; empty where nothing was counted.
  public var counters: [[CounterReading]] = []

  /// A result that is not timed yet, or never.
  public init(entry: PlanEntry, status: RowStatus, reason: String = "") {
    self.entry = entry
    self.status = status
    self.reason = reason
  }

  /// The samples that the estimates are made of.
  public var countedSamples: [Double] {
    counted.isEmpty ? samples : samples.counting(counted)
  }

  /// Estimates the time from the rounds that count; none where no round does.
  mutating func estimate() {
    let counting = countedSamples
    time = counting.isEmpty ? nil : Estimate(series: counting)
  }

  /// Takes the pace of the rounds that count: in the others the FMA loop was interrupted as well.
  mutating func calibrate() {
    let paces = rounds.indices.filter { counted.isEmpty || counted[$0] }
      .compactMap { rounds[$0].pace }
    calibration = paces.isEmpty ? nil : median(of: paces)
  }

  /// Fresh processes that the rounds which count come from.
  public var processCount: Int {
    guard !samples.isEmpty else { return 0 }
    let counting = processes.indices.filter { counted.isEmpty || counted[$0] }
    return max(Set(counting.map { processes[$0] }).count, 1)
  }

  /// How long the timed part of a visit was, in nanoseconds; nil where it was not timed.
  public var visitNanoseconds: Double? {
    guard let time, iterations > 0 else { return nil }
    return time.median * Double(iterations)
  }

  /// Rounds that were marked as disturbed.
  public var disturbedRounds: Int { rounds.count { $0.isDisturbed } }

  /// Largest over mean busy time of the workers; nil where it cannot be seen.
  public var workerImbalance: Double? {
    guard let largest = shares.map(\.busyNanoseconds).max(), largest > 0 else { return nil }
    let mean = shares.map(\.busyNanoseconds).reduce(0, +) / Double(shares.count)
    return largest / mean
  }
}
