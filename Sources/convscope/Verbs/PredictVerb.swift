// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Convolution
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Predicting
internal import Reporting
internal import Suites

/// `convscope predict`: times with intervals, without measuring.
struct PredictVerb: Verb {
  static let name = "predict"
  static let operands = "DESCRIPTOR|SUITE…"
  static let summary = "Predict times with intervals, from what `learn` has measured here."
  static let discussion = """
    Each convolution is predicted as `best` would compute it, with warm caches: the cost model's
    cycles, corrected by what this machine has measured of problems nearby. A case that is outside of
    what was measured says so. ONNX models give their convolutions. Exit code 4 where this machine
    has measured fewer than \(TimeModel.fewest) times.
    """
  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option("--workers", "1,2", "worker counts (default: one and all there are)"),
    RunOptions.instructionSetOption,
    Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
    TunedSelection.option,
    Option("--format", "FORMAT", "table (default) or csv, a latency table"),
    Option("--against", "DIR", "say how near the predictions are to what this stored run measured"),
    Option("--wide", nil, "tables with every column, however wide"),
  ]

  private let suites: [Suite]
  private let workers: [Int]
  private let selection: TunedSelection
  private let isCSV: Bool
  private let stored: URL?
  private let width: Int?

  init(_ arguments: Arguments) throws {
    guard !arguments.operands.isEmpty else {
      throw UsageError.missingOperand("a descriptor or a suite")
    }
    let formats = ["table", "csv"]
    let format = try arguments.parsed("--format", accepted: "table or csv") { text in
      formats.contains(text) ? text : nil
    }
    isCSV = format == "csv"
    suites = try Self.suites(arguments)
    workers = try RunOptions.workers(arguments, usual: RunOptions.usualWorkers(arguments))
    selection = try TunedSelection(
      KernelCatalog(instructionSets: try RunOptions.instructionSets(arguments)), arguments)
    stored = arguments.value("--against").map { URL(filePath: $0) }
    width = arguments.has("--wide") ? nil : ConsoleWidth.ofTables
    try Preflight.checkMemory(suites)
  }

  /// The suites that are named, those of the descriptors as one more.
  private static func suites(_ arguments: Arguments) throws -> [Suite] {
    let names = try SuiteLibrary(folder: ProjectFolder.suites).names()
    var cases: [SuiteCase] = [], others: [String] = []
    for operand in arguments.operands {
      let isFile = FileManager.default.fileExists(atPath: operand)
      if !names.contains(operand), !isFile, let step = try ProfiledCase.descriptor(operand) {
        let name = step.name ?? ProblemDescriptor.print(step.problem)
        cases.append(SuiteCase(name: name, steps: [step], multiplicity: step.multiplicity))
      } else {
        others.append(operand)
      }
    }
    let own = cases.isEmpty ? [] : [Suite(name: "problems", title: "Problems", cases: cases)]
    return own + (try ModelReader(arguments).suites(others))
  }

  func run() throws -> ExitCode {
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    // What is no run is told before anything is printed.
    if let stored { _ = try StoredRun(stored, needsRounds: false) }
    let environment = RunEnvironment.current()
    let known = KnownTimes(
      machine: environment.machineKey, build: KnownTimes.build(environment))
    let predictor = try Predictor(selection, known)
    if !known.isOfBuild {
      Console.error("note: this build has measured too little; times of other builds stand in")
    }
    let rows = suites.flatMap { suite in
      suite.cases.filter { $0.partOf == nil }.flatMap { suiteCase in
        workers.map { predictor.row(suiteCase, of: suite.name, workers: $0) }
      }
    }
    let networks = suites.flatMap { suite in
      workers.compactMap { predictor.network(suite, workers: $0) }
    }
    show(rows, networks, predictor)
    if let stored { try check(rows, networks, stored) }
    return ModelReader.code(suites)
  }

  private func show(
    _ rows: [PredictedRow], _ networks: [PredictedNetwork], _ predictor: Predictor
  ) {
    if isCSV { return Console.out(text: PredictedRow.csv(rows)) }
    for line in PredictionTable.table(rows).lines(width: width) { Console.out(line) }
    for network in networks { Console.out(network.sentence) }
    Console.error(
      "from \(predictor.model.count) times; each guessed from the others: "
        + LearnVerb.quality(predictor.model))
  }

  private func check(
    _ rows: [PredictedRow], _ networks: [PredictedNetwork], _ folder: URL
  ) throws {
    let check = try PredictionCheck(rows, networks, run: folder)
    let worst = check.table(worst: 10)
    guard !isCSV else {
      for sentence in check.sentences { Console.error(sentence) }
      return
    }
    Console.out("")
    for sentence in check.sentences { Console.out(sentence) }
    if check.count > 0 { for line in worst.lines(width: width) { Console.out(line) } }
  }
}
