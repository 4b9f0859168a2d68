// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// A row of `scaling.csv` as answers read it.
struct ScaledRow {
  var caseName: String
  var cache: String
  var workers: Int
  var kernel: String
  var fewestKernel: String
  /// Time with the fewest workers over time with these.
  var speedup: Double
  /// The bounds of its interval; nil where there were too few rounds.
  var interval: ClosedRange<Double>?

  init?(_ row: CSVTable.Row) {
    guard let speedup = row.number("speedup") else { return nil }
    caseName = row.text("case")
    cache = row.text("cache")
    workers = row.integer("workers") ?? 1
    kernel = row.text("kernel")
    fewestKernel = row.text("fewest_kernel")
    self.speedup = speedup
    interval = row.interval("speedup")
  }
}
