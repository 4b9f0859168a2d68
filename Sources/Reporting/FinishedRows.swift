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
  private var marks: CSVTable
  /// The end of the last group that is kept.
  private(set) var end = GroupMark()

  /// What answers follow from.
  var tables: SuiteTables {
    SuiteTables(measurements: measurements, comparisons: comparisons, samples: samples)
  }

  /// Reads the tables of `folder`.
  init(folder: URL) throws(ReportingError) {
    self.folder = folder
    measurements = try CSVTable(reading: folder.appending(path: "measurements.csv"))
    comparisons = try CSVTable(reading: folder.appending(path: "comparisons.csv"))
    workers = try CSVTable(reading: folder.appending(path: "workers.csv"))
    samples = try CSVTable(reading: folder.appending(path: "samples.csv"))
    metrics = try CSVTable(reading: folder.appending(path: "metrics.csv"))
    marks = try CSVTable(reading: folder.appending(path: GroupMark.fileName))
  }

  /// Keeps the rows of the first groups that are complete, and drops all behind them.
  /// - Returns: how many of `groups` they are.
  /// - Throws: `ReportingError.cannotResume` where a row is of no such group.
  mutating func keep(_ groups: [PlanGroup]) throws(ReportingError) -> Int {
    var finished = 0
    for group in groups {
      let rows = measurements.rows.dropFirst(end.measurements).prefix(group.entries.count)
      try check(rows, against: group)
      guard finished < marks.rows.count else { break }
      guard let mark = GroupMark(marks.rows[finished]) else {
        throw .cannotRead(
          path: folder.appending(path: GroupMark.fileName).path(percentEncoded: false),
          reason: "line \(finished + 2) is not \(GroupMark.columns.count) whole numbers from 0")
      }
      guard isThere(mark, of: group) else { break }
      end = mark
      finished += 1
    }
    measurements.keep(first: end.measurements)
    comparisons.keep(first: end.comparisons)
    workers.keep(first: end.workers)
    samples.keep(first: end.samples)
    metrics.keep(first: end.metrics)
    marks.keep(first: finished)
    return finished
  }

  /// Whether every row of a marked group is in its file; a machine that lost power may have kept
  /// the mark alone.
  private func isThere(_ mark: GroupMark, of group: PlanGroup) -> Bool {
    let tables = [measurements, comparisons, workers, samples, metrics]
    return mark.measurements - end.measurements == group.entries.count
      && mark.comparisons - end.comparisons == group.pairs.count
      && zip(mark.counts, end.counts).allSatisfy { $0 >= $1 }
      && zip(mark.counts, tables).allSatisfy { $0 <= $1.rows.count }
  }

  /// Writes the tables back, each in one step.
  func write() throws(ReportingError) {
    let tables = [
      ("measurements.csv", measurements), ("comparisons.csv", comparisons),
      ("workers.csv", workers), ("samples.csv", samples), ("metrics.csv", metrics),
      (GroupMark.fileName, marks),
    ]
    for (name, table) in tables {
      let file = folder.appending(path: name)
      try ReportingError.translating(file) {
        try WholeFile.write(Data(table.text.utf8), to: file)
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

  private func key(_ row: [String], of table: CSVTable) -> [String] {
    ["case", "kernel", "workers", "cache"].map { table.cell(row, $0) ?? "" }
  }
}
