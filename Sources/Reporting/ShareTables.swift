// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters
public import Measuring
internal import Planning
internal import Suites

/// The rows of `workers.csv`: one per worker of each result.
public struct WorkerTable: Sendable {
  /// Names of the counters, in the order of their columns.
  public let counters: [String]

  /// A table with three columns for each of `counters`.
  public init(counters: [String]) {
    self.counters = counters
  }

  /// The header.
  public var columns: [String] {
    ["suite", "case", "kernel", "workers", "cache", "worker", "cpu", "busy_ns", "tasks"]
      + counters.flatMap { ["counter:\($0)", "counter_source:\($0)", "counter_imbalance:\($0)"] }
  }

  /// The rows of a result, in the order of the workers.
  public func rows(_ result: CaseResult, suite: String) -> [[String]] {
    let entry = result.entry
    let workers = max(result.shares.count, result.counters.count)
    return (0..<workers).map { worker in
      let share = result.shares.indices.contains(worker) ? result.shares[worker] : nil
      return [
        suite, entry.suiteCase.name, entry.contender.kernel, String(entry.workers),
        entry.cache.rawValue, String(worker), CellFormat.integer(share?.cpu),
        CellFormat.decimal(share?.busyNanoseconds), CellFormat.decimal(share?.tasks),
      ] + counterCells(result, worker: worker)
    }
  }

  private func counterCells(_ result: CaseResult, worker: Int) -> [String] {
    let readings = result.counters.indices.contains(worker) ? result.counters[worker] : []
    return counters.flatMap { name -> [String] in
      guard let reading = readings.first(where: { $0.name == name }) else {
        return ["", "unavailable: not counted for this row", ""]
      }
      let ofAll = result.counters.compactMap { worker in worker.first { $0.name == name } }
      return [
        CellFormat.decimal(reading.value), reading.source.description,
        CellFormat.number(CounterReading.imbalance(of: ofAll)),
      ]
    }
  }
}

/// The rows of `samples.csv`: one per round of each result.
public struct SampleTable: Sendable {
  /// The header.
  public static let columns = [
    "suite", "case", "kernel", "workers", "cache", "round", "iterations", "time_ns",
    "counted", "disturbed", "context_switches", "migrations", "waited_ns", "stolen_ns",
    "fma_gflop_per_s", "process",
  ]

  /// The rows of a result, in the order of the rounds; the time is of one iteration.
  public static func rows(_ result: CaseResult, suite: String) -> [[String]] {
    let entry = result.entry
    return result.samples.enumerated().map { round, time in
      [
        suite, entry.suiteCase.name, entry.contender.kernel, String(entry.workers),
        entry.cache.rawValue, String(round), String(result.iterations), CellFormat.decimal(time),
        result.counted.indices.contains(round) && !result.counted[round] ? "0" : "1",
      ] + conditions(result.rounds.indices.contains(round) ? result.rounds[round] : nil) + [
        String(result.processes.indices.contains(round) ? result.processes[round] : 0)
      ]
    }
  }

  /// What the machine did in the round; empty cells where it was not watched.
  private static func conditions(_ round: Disturbance?) -> [String] {
    [
      round?.causes.map(\.rawValue).joined(separator: "+") ?? "",
      CellFormat.integer(round?.contextSwitches), CellFormat.integer(round?.migrations),
      CellFormat.decimal(round?.waitedNanoseconds), CellFormat.decimal(round?.stolenNanoseconds),
      CellFormat.number(round?.pace),
    ]
  }
}
