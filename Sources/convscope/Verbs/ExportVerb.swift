// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation

/// `convscope export`: stored runs in the formats of other tools.
struct ExportVerb: Verb {
  static let name = "export"
  static let operands = "DIR…"
  static let summary = "Print stored runs as other tools read them."
  static let discussion = """
    DIR is a folder that `run` wrote; only otava takes several, one row for each.
    google-benchmark: JSON for its compare.py, a repetition per round. bencher: Bencher's metric
    format. otava: CSV for Apache Otava, a column per case.
    """
  static let options = [
    Option(
      "--format", "NAME", "google-benchmark, bencher or otava (default google-benchmark)")
  ]

  /// What can be asked for.
  private enum Format: String, CaseIterable {
    case googleBenchmark = "google-benchmark"
    case bencher
    case otava
  }

  private let folders: [URL]
  private let format: Format

  init(_ arguments: Arguments) throws {
    folders = try arguments.folders()
    format = try arguments.choice("--format") ?? .googleBenchmark
    if folders.count > 1, format != .otava {
      throw UsageError.tooManyOperands(
        arguments.operands[1], accepted: "one folder for \(format.rawValue)")
    }
  }

  func run() throws -> ExitCode {
    let runs = try folders.map { try StoredRun($0) }
    let text =
      switch format {
      case .googleBenchmark: try RunExport.googleBenchmark(runs[0])
      case .bencher: try RunExport.bencher(runs[0])
      case .otava: RunExport.otava(runs)
      }
    Console.out(text: text)
    return .success
  }
}
