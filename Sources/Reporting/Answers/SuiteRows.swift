// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The rows of a suite, read back from its folder: those of an earlier, resumed part included.
struct SuiteRows {
  var measurements: [MeasuredRow]
  var comparisons: [ComparedRow]
  /// The suite's axes, in the order of their columns.
  var axes: [String]

  /// Reads the tables in `folder`.
  init(folder: URL) throws(ReportingError) {
    self.init(
      measurements: try CSVTable(reading: folder.appending(path: "measurements.csv")),
      comparisons: try CSVTable(reading: folder.appending(path: "comparisons.csv")))
  }

  init(measurements: CSVTable, comparisons: CSVTable) {
    self.measurements = measurements.rows.map { MeasuredRow($0, of: measurements) }
    self.comparisons = comparisons.rows.map { ComparedRow($0, of: comparisons) }
    axes = Array(comparisons.columns.dropFirst(ComparisonTable.fixedColumns.count))
  }

  /// The settings under which anything was measured, in order.
  var settings: [Setting] {
    var settings: [Setting] = []
    for row in measurements where !settings.contains(row.setting) { settings.append(row.setting) }
    return settings
  }

  /// The measurement of a comparison's contender.
  func contender(of row: ComparedRow) -> MeasuredRow? {
    measurement(row.contenderCase, row.contenderKernel, row.setting)
  }

  /// The measurement of a comparison's baseline.
  func baseline(of row: ComparedRow) -> MeasuredRow? {
    measurement(row.baselineCase, row.baselineKernel, row.setting)
  }

  private func measurement(
    _ caseName: String, _ kernel: String, _ setting: Setting
  ) -> MeasuredRow? {
    measurements.first {
      $0.caseName == caseName && $0.kernel == kernel && $0.setting == setting
    }
  }
}
