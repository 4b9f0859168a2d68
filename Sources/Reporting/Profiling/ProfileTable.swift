// SPDX-License-Identifier: Apache-2.0

internal import Counters
public import Measuring

/// The rows of a profile's `phases.csv`: one per phase and worker.
public struct ProfileTable: Sendable {
  private let counters: [String]

  /// A table with a pair of columns for each of `counters`.
  public init(counters: [String]) {
    self.counters = counters
  }

  /// The header.
  public var columns: [String] {
    ["phase", "worker", "cpu", "busy_ns", "wait_ns", "tasks", "share_percent", "wait_percent"]
      + counters.flatMap { ["counter:\($0)", "counter_source:\($0)"] }
  }

  /// The rows of a profile; `share_percent` and `wait_percent` are of all workers' time together,
  /// so that both over all rows make 100.
  public func rows(_ profile: CaseProfile) -> [[String]] {
    let percent = 100 / profile.workerNanoseconds
    return profile.phases.flatMap { phase in
      profile.cpus.enumerated().map { worker, cpu in
        [
          phase.name, String(worker), String(cpu),
          CellFormat.decimal(phase.busyNanoseconds[worker]),
          CellFormat.decimal(phase.waitNanoseconds[worker]),
          CellFormat.decimal(phase.tasksPerWorker[worker]),
          CellFormat.number(percent * phase.busyNanoseconds[worker]),
          CellFormat.number(percent * phase.waitNanoseconds[worker]),
        ] + counterCells(phase, worker: worker)
      }
    }
  }

  private func counterCells(_ phase: PhaseProfile, worker: Int) -> [String] {
    let readings = phase.counters.indices.contains(worker) ? phase.counters[worker] : []
    return counters.flatMap { name -> [String] in
      guard let reading = readings.first(where: { $0.name == name }) else {
        return ["", "unavailable: not counted for this phase"]
      }
      return [CellFormat.decimal(reading.value), reading.source.description]
    }
  }
}
