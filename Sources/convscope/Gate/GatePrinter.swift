// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Comparing
internal import Foundation
internal import Gating
internal import Reporting

/// Hands a gate's report to people and machines.
enum GatePrinter {
  /// Writes gate.json into `folder`, a table and notes to the streams, and Markdown to where
  /// GitHub looks for it.
  /// - Throws: `ReportingError`.
  static func publish(_ report: GateReport, in folder: URL) throws {
    var table = TextTable(
      [
        ("case", .left), ("base", .right), ("new", .right), ("new / base", .right),
        ("interval", .left), ("detectable", .right), ("verdict", .left),
      ], expendable: ["base", "detectable", "interval"])
    for row in report.cases { table.append(row.cells) }
    let file = try write(report.json, in: folder)
    let title = "\(report.title) (exit code \(report.exitCode))"
    show(table, title, notes: report.notes(), file)
    appendSummary(report.markdown())
  }

  /// The same for a gate by counts.
  /// - Throws: `ReportingError`.
  static func publish(_ report: CountGateReport, in folder: URL) throws {
    let numbers: Set = ["base", "new", "change", "limit"]
    var table = TextTable(
      CountGateReport.headings.map { ($0, numbers.contains($0) ? .right : .left) })
    for row in report.cells { table.append(row) }
    let file = try write(report.json, in: folder)
    show(table, "\(report.title) (exit code \(report.exitCode))", notes: report.notes(), file)
    appendSummary(report.markdown())
  }

  private static func write(_ json: () throws -> Data, in folder: URL) throws -> URL {
    let file = folder.appending(path: "gate.json")
    do {
      try WholeFile.write(json(), to: file)
    } catch let error as FileError {
      throw ReportingError.cannotWrite(path: error.path, reason: error.reason)
    } catch {
      throw ReportingError.cannotWrite(
        path: file.path(percentEncoded: false), reason: SystemReason.text(of: error))
    }
    return file
  }

  private static func show(_ table: TextTable, _ title: String, notes: [String], _ file: URL) {
    for line in table.lines(width: ConsoleWidth.ofTables) { Console.out(line) }
    Console.out("")
    Console.out(title)
    for line in notes { Console.error(line) }
    Console.error("report: \(file.path(percentEncoded: false))")
  }

  /// A summary that cannot be written is no reason to change the gate's answer.
  static func appendSummary(_ markdown: String) {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return }
    let file = URL(filePath: path)
    do {
      let isThere = FileManager.default.fileExists(atPath: path)
      let summary =
        try isThere ? AppendedFile(continuing: file) : AppendedFile(file, beginning: Data())
      try summary.append(Data(markdown.utf8))
    } catch {
      Console.error("note: GITHUB_STEP_SUMMARY: \(error)")
    }
  }
}
