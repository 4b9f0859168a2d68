// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The end of a group in the files of its suite: how many rows each then has.
///
/// Written when all of them are on the disk. What stands behind the last mark is of a group that was
/// stopped, in whichever file that happened.
struct GroupMark: Hashable, Sendable {
  var measurements = 0
  var comparisons = 0
  var workers = 0
  var samples = 0
  var metrics = 0

  /// The name of the file with the marks of a suite, a row for each finished group.
  static let fileName = "groups.csv"
  static let columns = ["measurements", "comparisons", "workers", "samples", "metrics"]

  /// Before the first group.
  init() {}

  /// Reads a row; nil where it is not one of whole numbers.
  init?(_ cells: [String]) {
    let counts = cells.compactMap { Int(reading: $0, in: 0...Int.max) }
    guard counts.count == Self.columns.count, counts.allSatisfy({ $0 >= 0 }) else { return nil }
    (measurements, comparisons) = (counts[0], counts[1])
    (workers, samples, metrics) = (counts[2], counts[3], counts[4])
  }

  var cells: [String] { counts.map(String.init) }

  /// In the order of the columns.
  var counts: [Int] { [measurements, comparisons, workers, samples, metrics] }
}
