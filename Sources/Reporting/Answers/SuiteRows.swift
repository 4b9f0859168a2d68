// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

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
    var tables: [RunTable: CSVTable] = [:]
    for table in [RunTable.measurements, .comparisons] {
      tables[table] = try CSVTable.read(table, in: folder)
    }
    for table in [RunTable.scaling, .layers] {
      tables[table] = try CSVTable.readIfThere(table, in: folder)
    }
    self.init(tables)
  }

  /// The rows of the tables by file; one that is not there has none.
  init(_ tables: [RunTable: CSVTable]) {
    let rows = { (table: RunTable) in tables[table]?.rows ?? [] }
    measurements = rows(.measurements).map(MeasuredRow.init)
    comparisons = rows(.comparisons).map(ComparedRow.init)
    gains = rows(.scaling).compactMap(ScaledRow.init)
    layers = rows(.layers).compactMap(InPlaceRow.init)
    let columns = tables[.comparisons]?.columns ?? []
    axes = Array(columns.dropFirst(RunTable.comparisons.columns.count))
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

extension CSVTable {
  /// Reads a table of a suite's folder.
  /// - Throws: `ReportingError.cannotRead`, or `.malformed`.
  static func read(_ table: RunTable, in folder: URL) throws(ReportingError) -> CSVTable {
    do throws(CSVFault) { return try CSVTable(table, in: folder) } catch {
      throw ReportingError(error)
    }
  }

  /// The same of a file that not every suite has.
  static func readIfThere(_ table: RunTable, in folder: URL) throws(ReportingError) -> CSVTable? {
    let path = folder.appending(path: table.file).path(percentEncoded: false)
    return FileManager.default.fileExists(atPath: path) ? try read(table, in: folder) : nil
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
