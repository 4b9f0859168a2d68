// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Counters
public import Foundation
internal import Inputs
public import Measuring
internal import Planning
public import Suites

/// The folder of a run: `run.json`, and a folder with the CSV files of each suite.
public final class RunFolder {
  /// The folder.
  public var url: URL { output.url }
  private let output: OutputFolder
  private let counters: [String]
  private let metrics: MetricTable
  private var limits: MachineLimits
  private var suites: [String: SuiteFiles] = [:]

  /// The files of one suite.
  private struct SuiteFiles {
    var measurementTable: MeasurementTable
    var comparisonTable: ComparisonTable
    var workerTable: WorkerTable
    var writers: [RunTable: CSVWriter] = [:]
    /// How many rows the files have, and those from which answers follow.
    var written = GroupMark()
    var tables: [RunTable: CSVTable] = [:]

    func columns(of table: RunTable) -> [String] {
      switch table {
      case .measurements: measurementTable.columns
      case .comparisons: comparisonTable.columns
      case .workers: workerTable.columns
      default: table.columns
      }
    }

    /// Writes the rows of a group, and keeps those from which answers follow.
    mutating func append(
      _ result: GroupResult, suite: String, _ metricTable: MetricTable
    ) throws(ReportingError) {
      for row in result.cases {
        try append([measurementTable.row(row, suite: suite)], to: .measurements)
        try append(workerTable.rows(row, suite: suite), to: .workers)
        try append(SampleTable.rows(row, suite: suite), to: .samples)
        try append(metricTable.rows(row, suite: suite), to: .metrics)
      }
      try append(result.pairs.map { comparisonTable.row($0, in: result) }, to: .comparisons)
    }

    private mutating func append(
      _ rows: [[String]], to table: RunTable
    ) throws(ReportingError) {
      for cells in rows {
        try writers[table]?.append(cells)
        written[table] += 1
        tables[table]?.append(cells)
      }
    }

    /// Returns when all rows are on the disk.
    func settle() throws(ReportingError) {
      for table in RunTable.ofGroups { try writers[table]?.settle() }
    }
  }

  /// Rows in `output` that count `group`.
  public init(_ output: OutputFolder, group: CounterGroup, limits: MachineLimits) {
    self.output = output
    counters = group.events.map(\.name)
    metrics = MetricTable(group)
    self.limits = limits
  }

  /// Why the rows of `result` show that the limits are too low; nil where they do not.
  public func contradiction(_ result: GroupResult) -> String? {
    MeasurementTable(counters: counters, limits: limits).contradiction(result)
  }

  /// Places rows under `limits` from now on.
  public func use(_ limits: MachineLimits) {
    self.limits = limits
    for suite in suites.keys {
      suites[suite]?.measurementTable = MeasurementTable(counters: counters, limits: limits)
    }
  }

  /// Writes `run.json`.
  /// - Throws: `ReportingError.cannotWrite`.
  public func write(_ record: RunRecord) throws(ReportingError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(record) else {
      throw .cannotWrite(path: "run.json", reason: "a number is not finite")
    }
    try write(data + Data("\n".utf8), to: url.appending(path: "run.json"))
  }

  /// Opens the files of a suite, so that a suite without a single result has its headers.
  /// - Throws: `ReportingError.cannotWrite`.
  public func begin(suite: String, axes: [String]) throws(ReportingError) {
    try begin(suite: suite, axes: axes, behind: nil)
  }

  /// Opens the files of a suite, empty or behind the rows that are finished.
  func begin(suite: String, axes: [String], behind finished: FinishedRows?) throws(ReportingError) {
    guard suites[suite] == nil else { return }
    let folder = url.appending(path: suite)
    // `networks/x` is a folder in a folder: neither leads out of the run's.
    if suite.contains("/") {
      try Self.create(folder.deletingLastPathComponent(), mayBeLink: false)
    }
    try Self.create(folder, mayBeLink: false)
    var files = SuiteFiles(
      measurementTable: MeasurementTable(counters: counters, limits: limits),
      comparisonTable: ComparisonTable(axes: axes, limits: limits),
      workerTable: WorkerTable(counters: counters), written: finished?.end ?? GroupMark())
    // The marks last: where they are, all are.
    for table in RunTable.ofGroups + [.groups] {
      files.writers[table] = try Self.open(
        folder.appending(path: table.file), columns: files.columns(of: table),
        behind: finished?.tables[table])
    }
    for table in [RunTable.measurements, .comparisons, .samples] {
      files.tables[table] =
        finished?.tables[table] ?? CSVTable(columns: files.columns(of: table))
    }
    files.tables[.layers] = try CSVTable.readIfThere(.layers, in: folder)
    suites[suite] = files
  }

  private static func open(
    _ file: URL, columns: [String], behind finished: CSVTable?
  ) throws(ReportingError) -> CSVWriter {
    guard let finished else { return try CSVWriter(file, columns: columns) }
    guard finished.columns == columns else {
      throw .cannotResume(
        path: file.path(percentEncoded: false),
        reason: "its columns are not those that this program and its counters write")
    }
    return try CSVWriter(continuing: file, columns: columns)
  }

  /// Writes the rows of a group, and its mark where it was not interrupted.
  /// - Throws: `ReportingError.cannotWrite`, as on a full disk or where somebody has removed the
  ///   folder; rows before it are complete.
  public func append(_ result: GroupResult) throws(ReportingError) {
    let suite = result.group.suite
    try begin(suite: suite, axes: result.group.axisNames)
    // Taken out, so that its tables are not copied.
    guard var files = suites.removeValue(forKey: suite) else { return }
    defer { suites[suite] = files }
    try files.append(result, suite: suite, metrics)
    try files.settle()
    guard !result.isUnfinished else { return }
    try files.writers[.groups]?.append(files.written.cells)
    try files.writers[.groups]?.settle()
  }

  /// The answer of a suite, from the rows of this run and its earlier parts; writes `scaling.csv` where it
  /// was measured with several numbers of workers.
  /// - Requires: a suite that was begun.
  /// - Throws: `ReportingError.cannotWrite`.
  public func answer(_ suite: Suite, limits: MachineLimits) throws(ReportingError) -> Answer {
    guard var tables = suites[suite.name]?.tables else { preconditionFailure("a suite was begun") }
    let scaling = ScalingTable(tables).table
    if !scaling.rows.isEmpty { try write(scaling, to: .scaling, suite: suite.name) }
    tables[.scaling] = scaling
    return Answer(suite, rows: SuiteRows(tables), limits: limits)
  }

  /// Writes `layers.csv` of a suite: where the time of its networks goes.
  /// - Requires: a suite that was begun.
  /// - Throws: `ReportingError.cannotWrite`.
  public func writeLayers(
    _ profiles: [CaseProfile], suite: String, limits: MachineLimits
  ) throws(ReportingError) {
    let table = CSVTable(
      columns: RunTable.layers.columns,
      rows: profiles.flatMap { InPlaceTable.rows($0, suite: suite, limits: limits) })
    try write(table, to: .layers, suite: suite)
    suites[suite]?.tables[.layers] = table
  }

  private static func create(_ folder: URL, mayBeLink: Bool) throws(ReportingError) {
    try ReportingError.translating(folder) { try Folder.make(folder, mayBeLink: mayBeLink) }
  }

  private func write(
    _ rows: CSVTable, to table: RunTable, suite: String
  ) throws(ReportingError) {
    let folder = url.appending(path: suite)
    try write(Data(rows.text.utf8), to: folder.appending(path: table.file))
  }

  /// Writes a file in one step.
  func write(_ data: Data, to file: URL) throws(ReportingError) {
    try ReportingError.translating(file) { try WholeFile.write(data, to: file) }
  }
}
