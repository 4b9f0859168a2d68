// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs
internal import Statistics

/// The rows of `scaling.csv`: what more workers bring to a case, from rounds in which both ran.
///
/// They follow from the measurements and samples of the suite, those of an earlier, resumed part included,
/// and are written whole at its end.
struct ScalingTable {
  /// The table, its rows in the order of the measurements.
  private(set) var table = CSVTable(columns: RunTable.scaling.columns)

  /// A row that was measured: its place among the rows of its case counts, for `best` may pick
  /// another kernel for more workers.
  private struct Timed {
    var kernel: String
    var workers: Int
    var suite: String
  }

  /// What `samples.csv` has of a row, round by round.
  private struct Rounds {
    var times: [Double] = []
    var counted: [Bool] = []
    var processes: [String] = []
  }

  /// The rows that follow from those of the two tables; there are some only where numbers of workers
  /// differ.
  init(_ tables: [RunTable: CSVTable]) {
    let rounds = Self.rounds(tables[.samples]?.rows ?? [])
    for (key, timed) in Self.cases(tables[.measurements]?.rows ?? []) {
      let fewest = timed.keys.min() ?? 1
      for workers in timed.keys.sorted().dropFirst() {
        for (before, after) in zip(timed[fewest] ?? [], timed[workers] ?? []) {
          let pair = [before, after].map { rounds[key + [String($0.workers), $0.kernel]] }
          guard let one = pair[0], let more = pair[1], let gain = Self.gain(one, more) else {
            continue
          }
          table.append(
            [after.suite] + key
              + [
                String(workers), after.kernel, String(fewest), before.kernel, String(gain.rounds),
                CellFormat.number(gain.ratio), CellFormat.number(gain.lower),
                CellFormat.number(gain.upper),
              ])
        }
      }
    }
  }

  /// The rows of each case and cache by their workers, in order.
  private static func cases(_ rows: [CSVTable.Row]) -> [(key: [String], timed: [Int: [Timed]])] {
    var order: [[String]] = []
    var found: [[String]: [Int: [Timed]]] = [:]
    for row in rows {
      let key = ["case", "cache"].map(row.text)
      if found[key] == nil { order.append(key) }
      let timed = Timed(
        kernel: row.text("kernel"), workers: row.integer("workers") ?? 1,
        suite: row.text("suite"))
      found[key, default: [:]][timed.workers, default: []].append(timed)
    }
    return order.map { ($0, found[$0] ?? [:]) }
  }

  private static func rounds(_ rows: [CSVTable.Row]) -> [[String]: Rounds] {
    var found: [[String]: Rounds] = [:]
    for row in rows {
      guard let time = row.number("time_ns"), time > 0 else { continue }
      let key = ["case", "cache", "workers", "kernel"].map(row.text)
      found[key, default: Rounds()].times.append(time)
      found[key, default: Rounds()].counted.append(row["counted"] != "0")
      found[key, default: Rounds()].processes.append(row.text("process"))
    }
    return found
  }

  /// The speedup over rounds that count for both; nil where they have not the same ones.
  private static func gain(_ before: Rounds, _ after: Rounds) -> RatioEstimate? {
    guard before.times.count == after.times.count, before.processes == after.processes else {
      return nil
    }
    let calm = before.times.indices.filter { before.counted[$0] && after.counted[$0] }
    guard !calm.isEmpty else { return nil }
    let ratios = RatioEstimate.logRatios(before.times, after.times)
    let processes = Dictionary(grouping: calm) { before.processes[$0] }
    guard processes.count > 1 else { return RatioEstimate(series: calm.map { ratios[$0] }) }
    // As in a comparison: each process has one voice.
    return RatioEstimate(
      logRatios: processes.values.map { own in median(of: own.map { ratios[$0] }) })
  }
}
