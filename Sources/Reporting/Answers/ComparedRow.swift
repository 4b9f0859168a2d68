// SPDX-License-Identifier: Apache-2.0

/// A row of `comparisons.csv` as answers read it.
struct ComparedRow {
  var comparison: String
  var baselineCase: String
  var contenderCase: String
  var baselineKernel: String
  var contenderKernel: String
  var setting: Setting
  /// Baseline time, in nanoseconds.
  var baselineTime: Double?
  /// Baseline time over contender time.
  var speedup: Double?
  /// The bounds of the speedup's interval.
  var interval: ClosedRange<Double>?
  /// Multiply-accumulates of the contender over those of the baseline; nil where one has none.
  var macRatio: Rate?
  var realised: Double?
  var verdict: String
  var status: String
  /// The values of the suite's axes; those that the comparison lacks are left out.
  var axes: [String: String]

  init(_ row: [String], of table: CSVTable) {
    let text = { (column: String) in table.cell(row, column) ?? "" }
    comparison = text("comparison")
    baselineCase = text("baseline_case")
    contenderCase = text("contender_case")
    baselineKernel = text("baseline_kernel")
    contenderKernel = text("contender_kernel")
    setting = Setting(workers: table.integer(row, "workers") ?? 1, cache: text("cache"))
    baselineTime = table.number(row, "baseline_time_ns")
    speedup = table.number(row, "speedup")
    interval = MeasuredRow.range(
      table.number(row, "speedup_lo"), table.number(row, "speedup_hi"))
    macRatio = table.number(row, "mac_ratio").flatMap { Rate($0) }
    realised = table.number(row, "realised")
    verdict = text("verdict")
    status = text("status")
    axes = [:]
    for (column, cell) in zip(table.columns, row).dropFirst(ComparisonTable.fixedColumns.count)
    where !cell.isEmpty { axes[column] = cell }
  }

  /// The comparison's name without the values of axes that it ends with.
  var base: String {
    comparison.split(separator: " ").filter { !$0.contains("=") }.joined(separator: " ")
  }

  /// The values of axes that the comparison's name ends with, as `channels=64 size=56`; the whole name
  /// where it has none.
  var axisText: String {
    let words = comparison.split(separator: " ").filter { $0.contains("=") }
    return words.isEmpty ? comparison : words.joined(separator: " ")
  }

  /// The speedup that the multiply-accumulates promise; nil where they promise nothing.
  var promised: Double? { macRatio?.inverse?.value }
}
