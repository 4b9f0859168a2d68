// SPDX-License-Identifier: Apache-2.0

internal import Convolution
public import Planning
public import Statistics
internal import Suites

/// Where the time of one case goes.
public struct CaseProfile: Sendable {
  /// What was profiled.
  public var entry: PlanEntry
  /// What the variant chose by itself; nil for most.
  public var implementation: String?
  /// The CPU of each worker that executes phases.
  public var cpus: [Int]
  /// The phases, in order.
  public var phases: [PhaseProfile]
  /// The steps of a graph, as `PreparedWork` has them.
  var steps: [(nodes: [Int], phases: Int)] = []
  /// Time of one iteration of the ordinary loop, in nanoseconds.
  public var time: Estimate
  /// The same over the faster half of the visits, as `phases` are, in nanoseconds.
  public var wholeNanoseconds: Double
  /// Time with clocks over time without, from visits side by side: what profiling costs.
  public var overhead: RatioEstimate
  /// Packing the filter and laying out the input, once and outside of every clock, in nanoseconds.
  public var preparationNanoseconds: Double
  /// FMA throughput beside the visits, in GFLOP/s of all workers; nil where it was not run.
  public var calibration: Double?
  /// The spans of the fastest visit's first iterations, worker by worker.
  public var timeline: [[ProfileSpan]]

  /// The phases with those of one name added up, as strips repeat them, and how many each was.
  public var phasesByName: [(phase: PhaseProfile, count: Int)] {
    var merged: [(phase: PhaseProfile, count: Int)] = []
    for phase in phases {
      if let place = merged.firstIndex(where: { $0.phase.name == phase.name }) {
        merged[place].phase.add(phase)
        merged[place].phase.tasks += phase.tasks
        merged[place].count += 1
      } else {
        merged.append((phase, 1))
      }
    }
    return merged
  }

  /// Time of all workers together, in nanoseconds per iteration.
  public var workerNanoseconds: Double {
    phases.reduce(0) { sum, phase in
      sum + phase.busyNanoseconds.reduce(0, +) + phase.waitNanoseconds.reduce(0, +)
    }
  }

  /// Largest over mean time inside tasks over all phases; nil where no worker has any.
  public var imbalance: Double? {
    let busy = cpus.indices.map { worker in
      phases.reduce(0) { $0 + $1.busyNanoseconds[worker] }
    }
    guard let largest = busy.max(), largest > 0 else { return nil }
    return largest * Double(busy.count) / busy.reduce(0, +)
  }

  /// Arithmetic inside the image over the whole iteration, in GFLOP/s.
  public var rate: Double { flops / time.median }

  /// The same over the time inside the tasks of the arithmetic phases alone: what remains without
  /// waiting and without laying data out; nil where no phase is arithmetic.
  public var rateInsideKernel: Double? {
    let busy = phases.filter(\.isArithmetic).reduce(0) { $0 + $1.busyNanoseconds.reduce(0, +) }
    guard busy > 0 else { return nil }
    // Spans contain the profiler's own clock, the whole does not: at the ordinary loop's pace.
    let pace = time.median * Double(cpus.count) / workerNanoseconds
    return flops / (busy / Double(cpus.count) * pace)
  }

  private var flops: Double { 2 * Double(entry.suiteCase.cost.macsInsideImage) }
}
