// SPDX-License-Identifier: Apache-2.0

internal import Inputs

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

  init(_ row: CSVTable.Row) {
    comparison = row.text("comparison")
    baselineCase = row.text("baseline_case")
    contenderCase = row.text("contender_case")
    baselineKernel = row.text("baseline_kernel")
    contenderKernel = row.text("contender_kernel")
    setting = Setting(row)
    baselineTime = row.number("baseline_time_ns")
    speedup = row.number("speedup")
    interval = row.interval("speedup")
    macRatio = row.number("mac_ratio").flatMap { Rate($0) }
    realised = row.number("realised")
    verdict = row.text("verdict")
    status = row.text("status")
    axes = [:]
    for (column, cell) in zip(row.columns, row.cells).dropFirst(RunTable.comparisons.columns.count)
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
