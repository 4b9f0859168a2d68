// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Statistics

/// What the visits of a profile have shown so far.
struct ProfileVisits {
  /// Time of one iteration in each visit without clocks, in nanoseconds.
  private(set) var plain: [Double] = []
  /// The same with clocks.
  private(set) var profiled: [Double] = []
  /// FMA throughput beside them, in GFLOP/s.
  var calibrations: [Double] = []
  /// The spans of the fastest visit, worker by worker.
  private(set) var fastest: [[ProfileSpan]] = []
  private let none: [PhaseProfile]
  /// The phases' sums, visit by visit.
  private var sums: [[PhaseProfile]] = []
  private var iterations = 1

  init(phases: [Phase], workers: Int) {
    none = phases.map { PhaseProfile(name: $0.name, tasks: $0.tasks, workers: workers) }
  }

  /// Visits of each kind.
  var count: Int { plain.count }

  /// Time with clocks over time without.
  var overhead: RatioEstimate { RatioEstimate(numerators: profiled, denominators: plain) }

  /// Adds a pair of visits, the one with clocks with the spans of `iterations` iterations; as many
  /// in each visit.
  mutating func add(
    plain time: Double, profiled other: Double, spans: [[ProfileSpan]], iterations: Int
  ) {
    if other < profiled.min() ?? .infinity { fastest = spans }
    plain.append(time)
    profiled.append(other)
    self.iterations = iterations
    var phases = none
    for phase in phases.indices {
      for (worker, spans) in spans.enumerated() {
        phases[phase].add(spans, phase: phase, worker: worker)
      }
    }
    sums.append(phases)
  }

  /// Time of one iteration without clocks over the faster half of the visits, in nanoseconds: what
  /// `phases` add up to but for the clocks.
  var wholeNanoseconds: Double {
    let kept = plain.sorted().prefix((plain.count + 1) / 2)
    return kept.reduce(0, +) / Double(max(kept.count, 1))
  }

  /// The phases, per iteration, over the faster half of the visits.
  ///
  /// Where something else took a CPU, one worker's task and the others' waiting last as long as
  /// that did: a mean over all visits would show the disturbance and not the case.
  var phases: [PhaseProfile] {
    let order = sums.indices.sorted { profiled[$0] < profiled[$1] }
    let kept = order.prefix((order.count + 1) / 2)
    return none.indices.map { index in
      var phase = none[index]
      for visit in kept { phase.add(sums[visit][index]) }
      phase.divide(by: max(iterations * kept.count, 1))
      return phase
    }
  }
}
