// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Comparing
internal import Foundation
internal import Reporting

/// `convscope report`: the page of a stored run, or of what changed between two.
struct ReportVerb: Verb {
  static let name = "report"
  static let operands = "DIR [DIR2]"
  static let summary = "Write the page of a run, or of what changed from one to another."
  static let discussion = """
    DIR is a folder that `run` wrote; the page is DIR/report.html, one file that works without a
    network. With DIR2, a later run, the page is DIR2/report.html and holds only what changed,
    judged as `compare` judges. The first time, Python packages are fetched from PyPI.
    """
  static let options = [
    Option("--output", "FILE", "the page, instead of report.html in the folder"),
    Option("--threshold", "2%", "with DIR2: the smallest difference that matters (default 2%)"),
  ]

  private let first: URL
  private let second: URL?
  private let output: String?
  private let threshold: Double

  init(_ arguments: Arguments) throws {
    guard let folder = arguments.operands.first else {
      throw UsageError.missingOperand("a folder of results")
    }
    guard arguments.operands.count <= 2 else {
      throw UsageError.tooManyOperands(arguments.operands[2], accepted: "one or two folders")
    }
    first = URL(filePath: folder)
    second = arguments.operands.dropFirst().first.map { URL(filePath: $0) }
    output = arguments.value("--output")
    if second == nil, arguments.has("--threshold") {
      throw UsageError.withoutEffect(
        option: "--threshold", place: "one run", accepted: "report DIR DIR2 --threshold")
    }
    threshold =
      try arguments.parsed("--threshold", accepted: "a share such as 2% or 0.02", Units.share)
      ?? GatePolicy.defaultThreshold
  }

  func run() throws -> ExitCode {
    var words = [first.path(percentEncoded: false)]
    if let output { words += ["--output", output] }
    guard let second else {
      try Self.check(first)
      try PlotScript.report.run(words)
      return .success
    }
    let file = FileManager.default.temporaryDirectory
      .appending(path: "convscope-changes-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try WholeFile.write(StoredChanges(first, second, threshold: threshold).data, to: file)
    words.insert(second.path(percentEncoded: false), at: 1)
    words += ["--changes", file.path(percentEncoded: false)]
    try PlotScript.report.run(words)
    return .success
  }

  /// What is no run, or a damaged one, is told before the script reads it, whose environment takes a
  /// minute to make.
  private static func check(_ folder: URL) throws {
    var above = folder.standardizedFileURL
    func hasRecord(_ folder: URL) -> Bool {
      let file = folder.appending(path: "run.json").path(percentEncoded: false)
      return FileManager.default.fileExists(atPath: file)
    }
    while !hasRecord(above) {
      let parent = above.deletingLastPathComponent().standardizedFileURL
      guard parent.path() != above.path() else {
        throw ReportingError.cannotRead(
          path: folder.path(percentEncoded: false),
          reason: "neither it nor a folder above it has a run.json; accepted is a run's folder")
      }
      above = parent
    }
    _ = try StoredRun(above, needsRounds: false).comparisons()
  }
}
