// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Inputs
internal import Reporting
internal import Suites

/// `convscope answer`: what a stored run says to its suites' questions.
struct AnswerVerb: Verb {
  static let name = "answer"
  static let operands = "DIR [SUITE…]"
  static let summary = "Print the answers of a stored run again, from its files."
  static let discussion = """
    DIR is a folder that `run` wrote. Nothing is measured or written; the answers are as this program
    words them, of all suites of the run or of those that are named.
    """
  static let options = [
    Option("--wide", nil, "tables with every column, however wide"),
    Option("--markdown", nil, "what answers.md holds"),
  ]

  private let folder: URL
  private let names: [String]
  private let style: TableStyle

  init(_ arguments: Arguments) throws {
    folder = try arguments.folders()[0]
    names = Array(arguments.operands.dropFirst())
    style =
      arguments.has("--markdown")
      ? .markdown : arguments.has("--wide") ? .wide : .fitting(width: ConsoleWidth.current)
  }

  func run() throws -> ExitCode {
    // Its files are those of others.
    _ = try StoredRun(folder, needsRounds: false).comparisons()
    let record = try RunFolder.record(of: folder)
    let wanted = names.isEmpty ? record.suites : names
    if let name = wanted.first(where: { !record.suites.contains($0) }) {
      throw UsageError.invalidValue(
        option: "SUITE", value: name, accepted: NearestNames.accepted(record.suites, near: name))
    }
    let library = SuiteLibrary(folder: ProjectFolder.suites)
    let answers = try wanted.map { name in
      let file = record.suiteFiles?[name] ?? name
      // A model is not read again for what its rows say.
      let suite =
        try ONNXListing.isModel(file) ? Suite(name: name, title: name) : library.suite(file)
      return try Answer(suite, run: folder, limits: record.limits)
    }
    guard case .markdown = style else {
      var printer = SuitePrinter(style: style)
      for answer in answers { printer.print(answer) }
      return .success
    }
    Console.out(lines: AnswersFile.text(answers, of: record))
    return .success
  }
}
