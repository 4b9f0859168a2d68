// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Counters
public import Foundation
public import Measuring
internal import Planning

/// The folder of a run: `run.json`, and a folder with the CSV files of each suite.
public final class RunFolder {
  /// The folder.
  public let url: URL
  private let counters: [String]
  private let metrics: MetricTable
  private let limits: MachineLimits
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
  }

  /// Creates the folder for rows that count `group`, and checks that it can be written, before
  /// anything is measured.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(_ url: URL, group: CounterGroup, limits: MachineLimits) throws(ReportingError) {
    self.url = url
    counters = group.events.map(\.name)
    metrics = MetricTable(group)
    self.limits = limits
    try Self.create(url, mayBeLink: true)
    let probe = url.appending(path: ".writable")
    try write(Data(), to: probe)
    try? FileManager.default.removeItem(at: probe)
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
    try begin(suite: suite, axes: axes, isContinuing: false)
  }

  /// Opens the files of a suite, empty or behind their last rows.
  func begin(suite: String, axes: [String], isContinuing: Bool) throws(ReportingError) {
    guard suites[suite] == nil else { return }
    let folder = url.appending(path: suite)
    // `networks/x` is a folder in a folder: neither leads out of the run's.
    if suite.contains("/") {
      try Self.create(folder.deletingLastPathComponent(), mayBeLink: false)
    }
    try Self.create(folder, mayBeLink: false)
    let measurements = MeasurementTable(counters: counters, limits: limits)
    let comparisons = ComparisonTable(axes: axes)
    let workers = WorkerTable(counters: counters)
    let open = { (name: String, columns: [String]) throws(ReportingError) in
      try Self.open(folder.appending(path: name), columns: columns, isContinuing: isContinuing)
    }
    suites[suite] = SuiteFiles(
      measurementTable: measurements, comparisonTable: comparisons, workerTable: workers,
      measurements: try open("measurements.csv", measurements.columns),
      comparisons: try open("comparisons.csv", comparisons.columns),
      workers: try open("workers.csv", workers.columns),
      samples: try open("samples.csv", SampleTable.columns),
      metrics: try open("metrics.csv", MetricTable.columns))
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

  /// Writes the rows of a group.
  /// - Throws: `ReportingError.cannotWrite`, as on a full disk; rows before it are complete.
  public func append(_ result: GroupResult) throws(ReportingError) {
    let suite = result.group.suite
    try begin(suite: suite, axes: result.group.axisNames)
    guard let files = suites[suite] else { return }
    for row in result.cases {
      try files.measurements.append(files.measurementTable.row(row, suite: suite))
      for cells in files.workerTable.rows(row, suite: suite) { try files.workers.append(cells) }
      for cells in SampleTable.rows(row, suite: suite) { try files.samples.append(cells) }
      for cells in metrics.rows(row, suite: suite) { try files.metrics.append(cells) }
    }
    for pair in result.pairs {
      try files.comparisons.append(files.comparisonTable.row(pair, in: result))
    }
  }

  private static func create(_ folder: URL, mayBeLink: Bool) throws(ReportingError) {
    do throws(FileFailure) {
      try OutputFile.makeFolder(folder, mayBeLink: mayBeLink)
    } catch {
      throw ReportingError(error)
    }
  }

  /// Writes a file in one step.
  func write(_ data: Data, to file: URL) throws(ReportingError) {
    do throws(FileFailure) {
      try OutputFile.write(data, to: file)
    } catch {
      throw ReportingError(error)
    }
  }
}
