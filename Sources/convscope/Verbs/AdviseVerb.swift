// SPDX-License-Identifier: Apache-2.0

internal import Advising
internal import Boundary
internal import Children
internal import Convolution
internal import Foundation
internal import Reporting
internal import Suites

/// `convscope advise`: what to change in a network, and what each change saves on this machine.
struct AdviseVerb: Verb {
  static let name = "advise"
  static let operands = "SUITE"
  static let summary = "Say which changes of a network's convolutions would save time here."
  static let discussion = """
    A SUITE is a network of the library, such as networks/resnet50, a suite file or an ONNX model,
    whose convolutions count. Every convolution is measured; the changes that apply are predicted from
    what `learn` has measured here, and measured beside what they replace, those that may save most
    first, until the budget is spent. Each line says whether it was measured or predicted. Accuracy is
    not measured. `--write FILE` writes the network with the best changes as a suite, so that `run`
    shows them again.
    """
  static let options =
    [
      Option("--budget", "10m", "time for all of it (default 10m)"),
      Option("--workers", "N", "workers that compute together (default 1)"),
      RunOptions.instructionSetOption,
      Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
      TunedSelection.option,
      Option("--write", "FILE", "write the changed network to this file, as a suite"),
      Option(
        "--resume", nil, "take what earlier calls of this build have measured, as far as it goes"),
      Option("--format", "FORMAT", "table (default) or csv, which has all ideas"),
      Option("--all", nil, "all ideas in the table, not only the first \(shown)"),
      Option("--wide", nil, "tables with every column, however wide"),
      Option("--no-progress", nil, "no progress on standard error"),
    ] + ModelReader.options
  private static let defaultBudget = 600.0
  private static let shown = 25

  private let suite: Suite
  private let survey: NetworkSurvey
  private let budget: Double
  private let output: String?
  private let isCSV: Bool
  private let showsAll: Bool
  private let width: Int?

  init(_ arguments: Arguments) throws {
    suite = try Self.suite(arguments)
    let timer = try ProblemTimer(arguments, usual: [1])
    guard timer.workers.count == 1 else {
      throw UsageError.invalidValue(
        option: "--workers", value: arguments.value("--workers") ?? "", accepted: "one number")
    }
    let formats = ["table", "csv"]
    isCSV =
      try arguments.parsed("--format", accepted: "table or csv") { text in
        formats.contains(text) ? text : nil
      } == "csv"
    budget =
      try arguments.parsed("--budget", accepted: Units.acceptedTimes, Units.seconds)
      ?? Self.defaultBudget
    output = arguments.value("--write")
    showsAll = arguments.has("--all")
    width = arguments.has("--wide") ? nil : ConsoleWidth.ofTables
    survey = NetworkSurvey(
      suite: suite, timer: timer, resumes: arguments.has("--resume"),
      isSilent: arguments.has("--no-progress"))
    try Preflight.checkMemory([suite])
  }

  private static func suite(_ arguments: Arguments) throws -> Suite {
    guard let name = arguments.operands.first else { throw UsageError.missingOperand("a suite") }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(arguments.operands[1], accepted: "one suite")
    }
    let suite = try ModelReader(arguments).suites([name])[0]
    guard !IdeaMaker.layers(of: suite).isEmpty else {
      throw UsageError.invalidValue(
        option: "SUITE", value: name, accepted: "a suite with single convolutions among its cases")
    }
    return suite
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    for note in suite.notes { Console.error("note: \(note)") }
    try Preflight.checkFiles()
    if let output { try WholeFile.check(URL(filePath: output)) }
    let advice = try survey.advice(seconds: budget, until: interruption)
    show(advice)
    if let output { try write(advice.suite, to: output) }
    return interruption.isRequested ? .interrupted : ModelReader.code([suite])
  }

  private func show(_ advice: Advice) {
    let report = AdviceReport(advice, workers: survey.workers)
    guard !isCSV else { return Console.out(text: report.csv) }
    for line in TextLines.wrapped(report.sentence, width: ConsoleWidth.current) {
      Console.out(line)
    }
    Console.out("")
    for line in report.table(most: showsAll ? nil : Self.shown).lines(width: width) {
      Console.out(line)
    }
    let more = advice.ideas.count - Self.shown
    if !showsAll, more > 0 { Console.out("  and \(more) more (--all)") }
    Console.out("")
    for note in report.notes {
      for line in TextLines.wrapped(
        "note: \(note)", width: ConsoleWidth.current, rest: "  ")
      { Console.out(line) }
    }
  }

  private func write(_ changed: Suite, to file: String) throws {
    guard !changed.comparisons.isEmpty else {
      return Console.error("note: \(file) is not written: no change was measured to save time")
    }
    try WholeFile.write(Data(SuiteWriter.text(changed).utf8), to: URL(filePath: file))
    Console.error("the changed network: \(file)")
  }
}
