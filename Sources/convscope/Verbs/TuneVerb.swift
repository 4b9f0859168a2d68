// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Convolution
internal import Foundation
internal import Inputs
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Reporting
internal import Statistics
internal import Suites
internal import Workers

/// `convscope tune`: measures which variant is fastest for each problem and keeps it.
struct TuneVerb: Verb {
  static let name = "tune"
  static let operands = "[SUITE…]"
  static let summary = "Measure the variants of each problem; best uses the result from then on."
  static let discussion = """
    For every convolution of the suites and every worker count, the variants of ours that the cost
    model predicts within \(rivalFactor) times of the best are measured interleaved, with warm
    caches. The fastest is kept per machine, problem, epilogue, worker count and accuracy class in
    ~/.cache/convscope/tuning-<machine>-<fingerprint>.json. `--untuned` lets the other verbs ignore
    it. With --table, what each variant was predicted to take and took is written as well;
    `ci/fit-costs.py` says from that how good the predictions are. Exit code 3 where a variant is
    wrong.
    """
  static let measures = true
  static let options =
    RunOptions.options + [
      Option(
        "--precision", "1%",
        "half the relative width of the 95 % intervals that is enough (default 1%)"),
      Option("--budget", "60s", "time for all rounds together (default 2s for each problem)"),
      Option(
        "--within", "FACTOR",
        "measure what is predicted within this factor of the best (default \(rivalFactor))"),
      Option("--table", "FILE", "write predicted cycles and measured times of all variants as CSV"),
      Option("--no-progress", nil, "no progress on standard error"),
    ]

  /// Predictions are off by less than this; what is further away only takes measuring time.
  static let rivalFactor = 2.5
  /// Seconds per problem: enough for a dozen variants of a layer of a few milliseconds.
  private static let defaultBudget = 2.0

  private let options: RunOptions
  private let catalog: KernelCatalog
  private let accuracy: AccuracyClass
  private let isSilent: Bool
  private let within: Double
  private let table: URL?

  init(_ arguments: Arguments) throws {
    options = try RunOptions(arguments)
    catalog = KernelCatalog(instructionSets: options.instructionSets)
    accuracy = try RunOptions.accuracy(arguments)
    isSilent = arguments.has("--no-progress")
    within =
      try arguments.parsed("--within", accepted: "a number from 1 to 1000") {
        Double(reading: $0, in: 1...1000)
      } ?? Self.rivalFactor
    table = arguments.value("--table").map { URL(filePath: $0) }
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    let groups = groups()
    try Preflight.checkFiles()
    try Preflight.checkMemory(Plan(groups: groups))
    let table = try table.map { try TuningTable($0) }
    let environment = RunEnvironment.current()
    let measurer = Measurer(
      pool: try WorkerPool(count: options.mostWorkers), session: nil, options: options.measuring,
      interruption: interruption)
    let needs = groups.map { $0.need() }
    let total = options.budget ?? Self.defaultBudget * Double(groups.count)
    let progress = Progress(weights: needs.map(\.enough), budget: total, isSilent: isSilent)
    var budget = BudgetSplit(total: total, needs: needs)
    var hasWrong = false
    for group in groups where !interruption.isRequested {
      let show = progress.begin(group)
      let result = budget.spend { measurer.measure(group, budget: $0, events: show) }
      progress.clear()
      hasWrong = hasWrong || result.cases.contains { $0.status == .wrong }
      if let table { try write(result, to: table) }
      // After each problem: an interruption loses one.
      if !interruption.isRequested { try keep(result, group.entries[0], environment) }
    }
    Console.error("tuning: \(Self.file(environment).path(percentEncoded: false))")
    if interruption.isRequested { return .interrupted }
    return hasWrong ? .wrongResult : ModelReader.code(options.suites)
  }

  private static func file(_ environment: RunEnvironment) -> URL {
    TuningFile.url(machine: environment.machineKey)
  }

  /// Records and shows what was found for a problem.
  private func keep(
    _ result: GroupResult, _ entry: PlanEntry, _ environment: RunEnvironment
  ) throws {
    guard let choice = choice(result, environment) else { return }
    try TuningFile.update(Self.file(environment), machine: environment.machineKey) { file in
      file.record(
        choice, for: entry.suiteCase.operations[0], workers: entry.workers, accuracy: accuracy)
    }
    show(choice, entry, predicted: entry.contender.kernel, result)
  }

  /// A group per distinct operation and worker count, its rivals the entries, the prediction first.
  private func groups() -> [PlanGroup] {
    var seen: Set<Task> = []
    var groups: [PlanGroup] = []
    for entry in options.plan.groups.flatMap(\.entries) {
      for (step, operation) in zip(entry.suiteCase.steps, entry.suiteCase.operations) {
        guard seen.insert(Task(operation: operation, workers: entry.workers)).inserted else {
          continue
        }
        let suiteCase = SuiteCase(
          name: step.name ?? ProblemDescriptor.print(step), steps: [NamedProblem(step.problem)],
          epilogue: operation.epilogue)
        let rivals = rivals(suiteCase, operation, workers: entry.workers)
        guard !rivals.isEmpty else { continue }
        groups.append(PlanGroup(suite: Self.name, axisNames: [], entries: rivals, pairs: []))
      }
    }
    return groups
  }

  private func rivals(
    _ suiteCase: SuiteCase, _ operation: ConvolutionOperation, workers: Int
  ) -> [PlanEntry] {
    catalog.rivals(for: operation, workers: workers, accuracy: accuracy, within: within).map {
      PlanEntry(suiteCase: suiteCase, contender: .variants([$0]), workers: workers, cache: .warm)
    }
  }

  private func choice(_ result: GroupResult, _ environment: RunEnvironment) -> TunedChoice? {
    if let disturbed = result.cases.first(where: { $0.status == .disturbed }) {
      Console.error("\(disturbed.entry.suiteCase.name): not tuned, \(disturbed.reason)")
      return nil
    }
    let timed = result.cases.compactMap { row in
      row.time.map { (kernel: row.entry.contender.kernel, time: $0.median) }
    }.sorted { $0.time < $1.time }
    guard let fastest = timed.first else { return nil }
    let second = timed.dropFirst().first
    return TunedChoice(
      kernel: fastest.kernel, timeNanoseconds: fastest.time, rivals: timed.count,
      runnerUp: second?.kernel, runnerUpRatio: second.map { $0.time / fastest.time },
      date: String(Date().formatted(.iso8601).prefix(10)), revision: environment.revision)
  }

  private func write(_ result: GroupResult, to table: TuningTable) throws {
    for row in result.cases {
      let operation = row.entry.suiteCase.operations[0]
      try table.append(
        row,
        predictedCycles: catalog.predictedCycles(
          row.entry.contender.kernel, operation, workers: row.entry.workers))
    }
  }

  private func show(
    _ choice: TunedChoice, _ entry: PlanEntry, predicted: String, _ result: GroupResult
  ) {
    Console.out("\(entry.suiteCase.name), workers \(entry.workers): \(choice.kernel)")
    Console.out("  \(choice.reason)")
    guard predicted != choice.kernel, let time = result.cases[0].time?.median else { return }
    let ratio = (time / choice.timeNanoseconds * 1000).rounded() / 1000
    Console.out("  predicted was \(predicted), which took \(ratio) times as long")
  }
}

/// What is tuned once.
private struct Task: Hashable {
  var operation: ConvolutionOperation
  var workers: Int
}
