// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Counters
public import Foundation
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
    var measurements: CSVWriter
    var comparisons: CSVWriter
    var workers: CSVWriter
    var samples: CSVWriter
    var metrics: CSVWriter
    var marks: CSVWriter
    /// How many rows the files have, and those from which answers follow.
    var written: GroupMark
    var tables: SuiteTables

    /// Writes the rows of a group, and keeps those from which answers follow.
    mutating func append(
      _ result: GroupResult, suite: String, _ metricTable: MetricTable
    ) throws(ReportingError) {
      for row in result.cases {
        let measurement = measurementTable.row(row, suite: suite)
        try Self.append([measurement], to: measurements, &written.measurements)
        tables.measurements.append(measurement)
        try Self.append(workerTable.rows(row, suite: suite), to: workers, &written.workers)
        for cells in SampleTable.rows(row, suite: suite) {
          try Self.append([cells], to: samples, &written.samples)
          tables.samples.append(cells)
        }
        try Self.append(metricTable.rows(row, suite: suite), to: metrics, &written.metrics)
      }
      for pair in result.pairs {
        let cells = comparisonTable.row(pair, in: result)
        try Self.append([cells], to: comparisons, &written.comparisons)
        tables.comparisons.append(cells)
      }
    }

    private static func append(
      _ rows: [[String]], to writer: CSVWriter, _ count: inout Int
    ) throws(ReportingError) {
      for cells in rows { try writer.append(cells) }
      count += rows.count
    }

    /// Returns when all rows are on the disk.
    func settle() throws(ReportingError) {
      for writer in [measurements, comparisons, workers, samples, metrics] {
        try writer.settle()
      }
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
    let measurements = MeasurementTable(counters: counters, limits: limits)
    let comparisons = ComparisonTable(axes: axes, limits: limits)
    let workers = WorkerTable(counters: counters)
    let open = { (name: String, columns: [String]) throws(ReportingError) in
      try Self.open(folder.appending(path: name), columns: columns, isContinuing: finished != nil)
    }
    var tables =
      finished?.tables
      ?? SuiteTables(
        measurements: CSVTable(columns: measurements.columns),
        comparisons: CSVTable(columns: comparisons.columns),
        samples: CSVTable(columns: SampleTable.columns))
    tables.layers = try SuiteRows.table(InPlaceTable.fileName, in: folder)
    suites[suite] = SuiteFiles(
      measurementTable: measurements, comparisonTable: comparisons, workerTable: workers,
      measurements: try open("measurements.csv", measurements.columns),
      comparisons: try open("comparisons.csv", comparisons.columns),
      workers: try open("workers.csv", workers.columns),
      samples: try open("samples.csv", SampleTable.columns),
      metrics: try open("metrics.csv", MetricTable.columns),
      // Last: where it is, all are.
      marks: try open(GroupMark.fileName, GroupMark.columns),
      written: finished?.end ?? GroupMark(), tables: tables)
  }

  private static func open(
    _ file: URL, columns: [String], isContinuing: Bool
  ) throws(ReportingError) -> CSVWriter {
    guard isContinuing else { return try CSVWriter(file, columns: columns) }
    guard try CSVTable(reading: file).columns == columns else {
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
    try files.marks.append(files.written.cells)
    try files.marks.settle()
  }

  /// The answer of a suite, from the rows of this run and its earlier parts; writes `scaling.csv` where it
  /// was measured with several numbers of workers.
  /// - Requires: a suite that was begun.
  /// - Throws: `ReportingError.cannotWrite`.
  public func answer(_ suite: Suite, limits: MachineLimits) throws(ReportingError) -> Answer {
    guard let tables = suites[suite.name]?.tables else { preconditionFailure("a suite was begun") }
    let scaling = tables.scaling
    if !scaling.rows.isEmpty {
      try write(
        Data(scaling.text.utf8),
        to: url.appending(path: suite.name).appending(path: ScalingTable.fileName))
    }
    return Answer(suite, rows: SuiteRows(tables, scaling: scaling), limits: limits)
  }

  /// Writes `layers.csv` of a suite: where the time of its networks goes.
  /// - Requires: a suite that was begun.
  /// - Throws: `ReportingError.cannotWrite`.
  public func writeLayers(
    _ profiles: [CaseProfile], suite: String, limits: MachineLimits
  ) throws(ReportingError) {
    let table = CSVTable(
      columns: InPlaceTable.columns,
      rows: profiles.flatMap { InPlaceTable.rows($0, suite: suite, limits: limits) })
    try write(
      Data(table.text.utf8), to: url.appending(path: suite).appending(path: InPlaceTable.fileName))
    suites[suite]?.tables.layers = table
  }

  private static func create(_ folder: URL, mayBeLink: Bool) throws(ReportingError) {
    try ReportingError.translating(folder) { try Folder.make(folder, mayBeLink: mayBeLink) }
  }

  /// Writes a file in one step.
  func write(_ data: Data, to file: URL) throws(ReportingError) {
    try ReportingError.translating(file) { try WholeFile.write(data, to: file) }
  }
}
