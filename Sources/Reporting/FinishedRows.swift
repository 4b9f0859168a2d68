// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Inputs
internal import Planning

/// The rows of a suite's folder that belong to groups measured to the end.
struct FinishedRows {
  private let folder: URL
  /// The rows by file.
  private(set) var tables: [RunTable: CSVTable] = [:]
  /// The end of the last group that is kept.
  private(set) var end = GroupMark()

  /// Reads the tables of `folder`.
  init(folder: URL) throws(ReportingError) {
    self.folder = folder
    for table in RunTable.ofGroups + [.groups] {
      tables[table] = try CSVTable.read(table, in: folder)
    }
  }

  private func rows(_ table: RunTable) -> [CSVTable.Row] { tables[table]?.rows ?? [] }

  /// Keeps the rows of the first groups that are complete, and drops all behind them.
  /// - Returns: how many of `groups` they are.
  /// - Throws: `ReportingError.cannotResume` where a row is of no such group.
  mutating func keep(_ groups: [PlanGroup]) throws(ReportingError) -> Int {
    var finished = 0
    let marks = rows(.groups)
    for group in groups {
      try check(
        rows(.measurements).dropFirst(end[.measurements]).prefix(group.entries.count),
        against: group)
      guard finished < marks.count else { break }
      guard let mark = GroupMark(marks[finished].cells) else {
        throw .cannotRead(
          path: folder.appending(path: RunTable.groups.file).path(percentEncoded: false),
          reason: "line \(finished + 2) is not \(RunTable.ofGroups.count) whole numbers from 0")
      }
      guard isThere(mark, of: group) else { break }
      end = mark
      finished += 1
    }
    for table in RunTable.ofGroups { tables[table]?.keep(first: end[table]) }
    tables[.groups]?.keep(first: finished)
    return finished
  }

  /// Whether every row of a marked group is in its file; a machine that lost power may have kept
  /// the mark alone.
  private func isThere(_ mark: GroupMark, of group: PlanGroup) -> Bool {
    mark[.measurements] - end[.measurements] == group.entries.count
      && mark[.comparisons] - end[.comparisons] == group.pairs.count
      && RunTable.ofGroups.allSatisfy { mark[$0] >= end[$0] && mark[$0] <= rows($0).count }
  }

  /// Writes the tables back, each in one step.
  func write() throws(ReportingError) {
    for table in RunTable.ofGroups + [.groups] {
      let file = folder.appending(path: table.file)
      try ReportingError.translating(file) {
        try WholeFile.write(Data((tables[table]?.text ?? "").utf8), to: file)
      }
    }
  }

  /// Rows and entries must name the same, as far as there are rows.
  private func check(
    _ rows: ArraySlice<CSVTable.Row>, against group: PlanGroup
  ) throws(ReportingError) {
    for (row, entry) in zip(rows, group.entries) {
      // Without the suite, which names the folder.
      let planned = Array(entry.key(in: "").dropFirst())
      let found = RunTable.key.dropFirst().map(row.text)
      guard found == planned else {
        throw .cannotResume(
          path: folder.path(percentEncoded: false),
          reason: "it has a row of \(found.joined(separator: ", ")) where the plan now has "
            + planned.joined(separator: ", "))
      }
    }
  }
}
