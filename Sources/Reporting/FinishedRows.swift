// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Measuring
internal import Planning
internal import Suites

/// The rows of a suite's folder that belong to groups measured to the end.
struct FinishedRows {
  private let folder: URL
  private var measurements: CSVTable
  private var comparisons: CSVTable
  private var workers: CSVTable
  private var samples: CSVTable
  private var metrics: CSVTable

  /// Reads the tables of `folder`.
  init(folder: URL) throws(ReportingError) {
    self.folder = folder
    measurements = try CSVTable(reading: folder.appending(path: "measurements.csv"))
    comparisons = try CSVTable(reading: folder.appending(path: "comparisons.csv"))
    workers = try CSVTable(reading: folder.appending(path: "workers.csv"))
    samples = try CSVTable(reading: folder.appending(path: "samples.csv"))
    metrics = try CSVTable(reading: folder.appending(path: "metrics.csv"))
  }

  /// Keeps the rows of the first groups that are complete, and drops all behind them.
  /// - Returns: how many of `groups` they are.
  /// - Throws: `ReportingError.cannotResume` where a row is of no such group.
  mutating func keep(_ groups: [PlanGroup]) throws(ReportingError) -> Int {
    var kept = (measurements: 0, comparisons: 0, samples: 0, finished: 0)
    for group in groups {
      let rows = measurements.rows.dropFirst(kept.measurements).prefix(group.entries.count)
      let pairs = comparisons.rows.dropFirst(kept.comparisons).prefix(group.pairs.count)
      try check(rows, against: group)
      // Written last of a row: a crash may have come before.
      guard let rounds = rounds(of: rows, from: kept.samples), rows.count == group.entries.count,
        pairs.count == group.pairs.count,
        rows.allSatisfy({ measurements.cell($0, "status") != RowStatus.interrupted.rawValue }),
        rows.allSatisfy({ measurements.cell($0, "stopped_by") != "interrupted" })
      else { break }
      kept.measurements += rows.count
      kept.comparisons += pairs.count
      kept.samples += rounds
      kept.finished += 1
    }
    measurements.keep(first: kept.measurements)
    comparisons.keep(first: kept.comparisons)
    samples.keep(first: kept.samples)
    keepDetails()
    return kept.finished
  }

  /// Writes the tables back, each in one step.
  func write() throws(ReportingError) {
    let tables = [
      ("measurements.csv", measurements), ("comparisons.csv", comparisons),
      ("workers.csv", workers), ("samples.csv", samples), ("metrics.csv", metrics),
    ]
    for (name, table) in tables {
      let file = folder.appending(path: name)
      do throws(FileFailure) {
        try OutputFile.write(Data(table.text.utf8), to: file)
      } catch {
        throw ReportingError(error)
      }
    }
  }

  /// Rows and entries must name the same, as far as there are rows.
  private func check(
    _ rows: ArraySlice<[String]>, against group: PlanGroup
  ) throws(ReportingError) {
    for (row, entry) in zip(rows, group.entries) {
      let planned = [
        entry.suiteCase.name, entry.contender.kernel, String(entry.workers), entry.cache.rawValue,
      ]
      guard key(row, of: measurements) == planned else {
        throw .cannotResume(
          path: folder.path(percentEncoded: false),
          reason: "it has a row of \(key(row, of: measurements).joined(separator: ", ")) where "
            + "the plan now has \(planned.joined(separator: ", "))")
      }
    }
  }

  /// How many rows of samples from `first` on belong to `rows`; nil where some are missing.
  ///
  /// A measurement states the rounds that its times are made of; those that a disturbance left out
  /// have rows of samples, too.
  private func rounds(of rows: ArraySlice<[String]>, from first: Int) -> Int? {
    var place = first
    for row in rows {
      let own = samples.rows[place...].prefix { key($0, of: samples) == key(row, of: measurements) }
      let counted = own.count { samples.cell($0, "counted") != "0" }
      guard counted >= measurements.number(row, "rounds").map({ Int($0) }) ?? 0 else { return nil }
      place += own.count
    }
    return place - first
  }

  /// Keeps workers and metrics of the measurements that are kept; they stand in the same order.
  private mutating func keepDetails() {
    workers.keep(first: detailCount(of: workers, in: "worker"))
    metrics.keep(first: detailCount(of: metrics, in: "metric"))
  }

  /// How many rows of `table` belong to the measurements; those of one differ in `column`.
  private func detailCount(of table: CSVTable, in column: String) -> Int {
    var count = 0
    for row in measurements.rows {
      var seen: Set<String> = []
      while count < table.rows.count,
        key(table.rows[count], of: table) == key(row, of: measurements),
        seen.insert(table.cell(table.rows[count], column) ?? "").inserted
      {
        count += 1
      }
    }
    return count
  }

  private func key(_ row: [String], of table: CSVTable) -> [String] {
    ["case", "kernel", "workers", "cache"].map { table.cell(row, $0) ?? "" }
  }
}
