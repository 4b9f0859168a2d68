// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Counters
internal import Inputs
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
    RunTable.workers.columns
      + counters.flatMap { RunTable.columns(ofEvent: $0) + ["counter_imbalance:\($0)"] }
  }

  /// The rows of a result, in the order of the workers.
  public func rows(_ result: CaseResult, suite: String) -> [[String]] {
    let workers = max(result.shares.count, result.counters.count)
    return (0..<workers).map { worker in
      let share = result.shares.indices.contains(worker) ? result.shares[worker] : nil
      return result.entry.key(in: suite) + [
        String(worker), CellFormat.integer(share?.cpu),
        CellFormat.decimal(share?.busyNanoseconds), CellFormat.decimal(share?.tasks),
      ] + counterCells(result, worker: worker)
    }
  }

  private func counterCells(_ result: CaseResult, worker: Int) -> [String] {
    let readings = result.counters.indices.contains(worker) ? result.counters[worker] : []
    return counters.flatMap { name -> [String] in
      let isCounted = readings.contains { $0.name == name }
      let ofAll = result.counters.compactMap { worker in worker.first { $0.name == name } }
      return CellFormat.count(of: name, in: readings, what: "row") + [
        isCounted ? CellFormat.number(CounterReading.imbalance(of: ofAll)) : ""
      ]
    }
  }
}

/// The rows of `samples.csv`: one per round of each result.
enum SampleTable {
  /// The rows of a result, in the order of the rounds; the time is of one iteration.
  static func rows(_ result: CaseResult, suite: String) -> [[String]] {
    result.samples.enumerated().map { round, time in
      result.entry.key(in: suite) + [
        String(round), String(result.iterations), CellFormat.decimal(time),
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

extension PlanEntry {
  /// The cells of `RunTable.key`.
  func key(in suite: String) -> [String] {
    [suite, suiteCase.name, contender.kernel, String(workers), cache.rawValue]
  }
}
