// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Inputs
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
      + counters.flatMap(RunTable.columns(ofEvent:))
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
    return counters.flatMap { CellFormat.count(of: $0, in: readings, what: "phase") }
  }
}
