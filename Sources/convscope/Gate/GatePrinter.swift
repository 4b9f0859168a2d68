// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Reporting

/// Hands a gate's report to people and machines.
enum GatePrinter {
  /// Writes gate.json into `folder`, a table and notes to the streams, and Markdown to where
  /// GitHub looks for it.
  /// - Throws: `ReportingError`.
  static func publish(_ report: GateReport, in folder: URL) throws {
    let file = folder.appending(path: "gate.json")
    do {
      try report.json().write(to: file, options: .atomic)
    } catch {
      throw ReportingError.cannotWrite(
        path: file.path(percentEncoded: false), reason: error.localizedDescription)
    }
    var table = TextTable([
      ("case", .left), ("base", .right), ("new", .right), ("new / base", .right),
      ("interval", .left), ("detectable", .right), ("verdict", .left),
    ])
    for row in report.cases { table.append(row.cells) }
    for line in table.lines() { Console.out(line) }
    Console.out("")
    Console.out("\(report.outcome.title) (exit code \(report.exitCode))")
    for line in report.notes() { Console.error(line) }
    Console.error("report: \(file.path(percentEncoded: false))")
    appendSummary(report.markdown())
  }

  /// A summary that cannot be written is no reason to change the gate's answer.
  static func appendSummary(_ markdown: String) {
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return }
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      Console.error("note: GITHUB_STEP_SUMMARY names \(path), which cannot be written")
      return
    }
    _ = try? handle.seekToEnd()
    try? handle.write(contentsOf: Data(markdown.utf8))
    try? handle.close()
  }
}
