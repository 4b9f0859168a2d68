// SPDX-License-Identifier: Apache-2.0

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

  init?(_ row: [String], of table: CSVTable) {
    let text = { (column: String) in table.cell(row, column) ?? "" }
    guard let speedup = table.number(row, "speedup") else { return nil }
    caseName = text("case")
    cache = text("cache")
    workers = table.integer(row, "workers") ?? 1
    kernel = text("kernel")
    fewestKernel = text("fewest_kernel")
    self.speedup = speedup
    interval = MeasuredRow.range(
      table.number(row, "speedup_lo"), table.number(row, "speedup_hi"))
  }
}
