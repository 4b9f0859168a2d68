// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The rows of a suite, of a run that has just been made or of a stored one: those of an earlier, resumed
/// part included.
struct SuiteRows {
  var measurements: [MeasuredRow]
  var comparisons: [ComparedRow]
  /// What more workers bring, case by case; empty where all was measured with one number of them.
  var gains: [ScaledRow] = []
  /// What each step of a network takes in its place; empty where no whole network was run.
  var layers: [InPlaceRow] = []
  /// The suite's axes, in the order of their columns.
  var axes: [String]

  /// Reads the tables in `folder`.
  init(folder: URL) throws(ReportingError) {
    self.init(
      measurements: try CSVTable(reading: folder.appending(path: "measurements.csv")),
      comparisons: try CSVTable(reading: folder.appending(path: "comparisons.csv")),
      scaling: try Self.table(ScalingTable.fileName, in: folder),
      layers: try Self.table(InPlaceTable.fileName, in: folder))
  }

  /// The table of a file that not every suite has.
  static func table(_ name: String, in folder: URL) throws(ReportingError) -> CSVTable? {
    let file = folder.appending(path: name)
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else {
      return nil
    }
    return try CSVTable(reading: file)
  }

  /// The rows of a run that has just been made.
  init(_ tables: SuiteTables, scaling: CSVTable) {
    self.init(
      measurements: tables.measurements, comparisons: tables.comparisons, scaling: scaling,
      layers: tables.layers)
  }

  init(
    measurements: CSVTable, comparisons: CSVTable, scaling: CSVTable? = nil,
    layers: CSVTable? = nil
  ) {
    self.measurements = measurements.rows.map { MeasuredRow($0, of: measurements) }
    self.comparisons = comparisons.rows.map { ComparedRow($0, of: comparisons) }
    gains = scaling.map { table in table.rows.compactMap { ScaledRow($0, of: table) } } ?? []
    self.layers = layers.map { table in table.rows.compactMap { InPlaceRow($0, of: table) } } ?? []
    axes = Array(comparisons.columns.dropFirst(ComparisonTable.fixedColumns.count))
  }

  /// The settings under which anything was measured, in order.
  var settings: [Setting] { Self.distinct(measurements.map(\.setting)) }

  static func distinct<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
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

extension SuiteRows {
  /// The numbers of workers, ascending.
  var workers: [Int] { Set(measurements.map(\.setting.workers)).sorted() }

  /// The rows with so many workers.
  func with(workers count: Int?) -> SuiteRows {
    var rows = self
    rows.measurements.removeAll { $0.setting.workers != count }
    rows.comparisons.removeAll { $0.setting.workers != count }
    return rows
  }

  /// Whose kernels there are, in order; nil is ours.
  var runtimes: [String?] { Self.distinct(measurements.map { RuntimeName.of($0.kernel) }) }

  /// Whose rows the answer speaks of: ours; who asks for kernels of one runtime only has its answer.
  var main: String? {
    let names = runtimes
    return names.contains(nil) ? nil : names.first ?? nil
  }

  /// The rows of one of them.
  func of(_ runtime: String?) -> SuiteRows {
    var rows = self
    rows.measurements.removeAll { RuntimeName.of($0.kernel) != runtime }
    rows.comparisons.removeAll { RuntimeName.of($0.contenderKernel) != runtime }
    rows.gains.removeAll { RuntimeName.of($0.kernel) != runtime }
    return rows
  }

  /// What so many workers bring to a measurement.
  func gain(of row: MeasuredRow?, workers: Int) -> ScaledRow? {
    row.flatMap { row in
      gains.first {
        $0.caseName == row.caseName && $0.cache == row.setting.cache
          && $0.fewestKernel == row.kernel && $0.workers == workers
      }
    }
  }
}
