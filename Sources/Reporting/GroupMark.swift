// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The end of a group in the files of its suite: how many rows each then has; a row of `groups.csv`.
///
/// Written when all of them are on the disk. What stands behind the last mark is of a group that was
/// stopped, in whichever file that happened.
struct GroupMark: Hashable, Sendable {
  private var counts: [RunTable: Int] = [:]

  /// Before the first group.
  init() {}

  /// Reads a row; nil where it is not one of whole numbers.
  init?(_ cells: [String]) {
    let counts = cells.compactMap { Int(reading: $0, in: 0...Int.max) }
    guard counts.count == RunTable.ofGroups.count else { return nil }
    self.counts = Dictionary(uniqueKeysWithValues: zip(RunTable.ofGroups, counts))
  }

  /// The rows of one of `RunTable.ofGroups`.
  subscript(table: RunTable) -> Int {
    get { counts[table] ?? 0 }
    set { counts[table] = newValue }
  }

  var cells: [String] { RunTable.ofGroups.map { String(self[$0]) } }
}
