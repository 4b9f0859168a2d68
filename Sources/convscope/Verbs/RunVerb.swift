// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Convolution
internal import Counters
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites
internal import Workers

/// `convscope run`: measures suites, writes a folder of results, prints tables.
struct RunVerb: Verb {
  static let name = "run"
  static let operands = "[SUITE…]"
  static let summary = "Measure suites; without one, the three headline comparisons (quick)."
  static let discussion = """
    A SUITE is a name from `list suites`, `all`, or a path to a suite file, a benchdnn batch file
    or an ONEDNN_VERBOSE log. Results go to results/<machine>/<UTC time>/. What the numbers say to
    each suite's question is printed at its end and kept in answers.md. A run that was stopped is
    continued by `run --resume DIR`, as it was begun and without repeating what is finished.
    """
  static let options =
    RunOptions.options + [
      Option(
        "--precision", "1%",
        "half the relative width of the 95 % intervals that is enough (default 1%)"),
      Option("--budget", "60s", "time for all rounds together (default 20s for each group)"),
      Option(
        "--counters", "GROUP",
        "counter group, file or list of PAPI events (default: default); simulated asks Valgrind"),
      Option("--require-counters", nil, "exit with 4 where a counter of the group has no value"),
      Option("--output", "DIR", "folder for the results instead of results/<machine>/<time>"),
      Option("--roofline", nil, "also draw roofline.png and .svg (plot-scripts/setup first)"),
      Option("--resume", "DIR", "continue the stopped run in this folder"),
      Option("--no-progress", nil, "no progress on standard error"),
    ]

  private let options: RunOptions
  private let group: CounterGroup
  private let output: String?
  private let isSilent: Bool
  private let requiresCounters: Bool
  private let drawsRoofline: Bool
  /// Whoever names a group wants to see what it shows; the default group is for the CSV.
  private let showsMetrics: Bool
  /// What a child of this program needs in order to make the same plan.
  private let planWords: [String]
  private let continuation: RunContinuation?

  init(_ given: Arguments) throws {
    continuation = try RunContinuation(given, options: Self.options)
    let arguments = try continuation?.arguments(accepting: Self.options) ?? given
    options = try RunOptions(arguments, budget: given)
    group = try CounterGroup.named(
      arguments.value("--counters") ?? "default", searching: [ProjectFolder.counterGroups])
    output = arguments.value("--output")
    isSilent = given.has("--no-progress") || arguments.has("--no-progress")
    requiresCounters = arguments.has("--require-counters")
    drawsRoofline = arguments.has("--roofline")
    if drawsRoofline { try FigureScript.roofline.check() }
    showsMetrics = arguments.value("--counters") != nil
    planWords = arguments.words(RunOptions.options)
  }

  func run() throws -> ExitCode {
    let interruption = Interruption()
    let signals = InterruptionSignals(interruption)
    defer { withExtendedLifetime(signals) {} }
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    try Preflight.checkMemory(options.plan)
    let environment = RunEnvironment.current()
    try continuation?.check(environment)
    if let remark = continuation?.remark(environment) { Console.error(remark) }
    let pool = try WorkerPool(count: options.mostWorkers)
    let limits =
      try continuation?.record.limits
      ?? MachineKnowledge.limits(environment: environment, isRefreshing: false) {
        if !isSilent { Console.error($0) }
      }
    let simulated = SimulatedGroup(group, arguments: planWords, isSilent: isSilent)
    if let reason = simulated?.reason { Console.error("no counts: \(reason)") }
    let session = simulated == nil ? CounterSession(group: group) : nil
    let folder = try RunFolder(
      continuation?.url ?? ResultFolder.url(output, environment: environment), group: group,
      limits: limits)
    var record = self.record(environment, limits)
    record.counters = session.map { CounterRecord($0, overhead: CounterOverhead(of: $0)) }
    record.noiseFloorBetweenRuns = MachineDoctor.noiseFloor(machine: environment.machine)?
      .rows.map(\.apart).max()
    let finished = try open(folder)
    try folder.write(record)
    let measurer = Measurer(
      pool: pool, session: session, options: options.measuring,
      peakKernel: KernelCatalog.widestPeakKernel,
      externals: options.externals, interruption: interruption)
    let results = try measureAll(
      measurer, simulated, into: folder, skipping: finished, record: record,
      until: interruption)
    record.endedAt = RunRecord.now
    record.interrupted = interruption.isRequested
    try folder.write(record)
    Console.error("results: \(folder.url.path(percentEncoded: false))")
    if drawsRoofline { try FigureScript.roofline.draw(folder.url) }
    if interruption.isRequested { return .interrupted }
    if requiresCounters, let missing = MissingCounter.first(of: group, in: results) {
      Console.error("convscope: \(missing)")
      return .inconclusive
    }
    return results.contains { $0.cases.contains { $0.status == .wrong } } ? .wrongResult : .success
  }

  /// The record of this run: a new one, or that of the run which it continues.
  private func record(_ environment: RunEnvironment, _ limits: MachineLimits) -> RunRecord {
    if var record = continuation?.record {
      record.resumedAt = (record.resumedAt ?? []) + [RunRecord.now]
      record.endedAt = nil
      record.interrupted = false
      return record
    }
    return RunRecord(
      version: ConvScope.version,
      command: ["convscope"] + ProcessInfo.processInfo.arguments.dropFirst(),
      options: options.measuring, suites: options.suites.map(\.name), environment: environment,
      libraries: KernelCatalog.libraries, limits: limits)
  }

  /// Opens the files of all suites.
  /// - Returns: how many groups of each suite an earlier part has finished.
  private func open(_ folder: RunFolder) throws -> [String: Int] {
    var finished: [String: Int] = [:]
    for suite in options.suites {
      let groups = options.plan.groups.filter { $0.suite == suite.name }
      if continuation == nil {
        try folder.begin(suite: suite.name, axes: suite.axisNames)
      } else {
        finished[suite.name] = try folder.resume(
          suite: suite.name, axes: suite.axisNames, groups: groups)
      }
    }
    return finished
  }

  /// Measures group by group; every row is on disk before the next group begins.
  private func measureAll(
    _ measurer: Measurer, _ simulated: SimulatedGroup?, into folder: RunFolder,
    skipping finished: [String: Int], record: RunRecord, until interruption: Interruption
  ) throws -> [GroupResult] {
    let left = options.plan.groups.count - finished.values.reduce(0, +)
    let progress = Progress(groups: left, isSilent: isSilent)
    var budget = BudgetSplit(total: budget(forGroups: left), groups: left)
    var results: [GroupResult] = []
    var answers: [Answer] = []
    for suite in options.suites {
      var ofSuite: [GroupResult] = []
      let groups = options.plan.groups.filter { $0.suite == suite.name }
      for group in groups.dropFirst(finished[suite.name] ?? 0) {
        if interruption.isRequested { break }
        progress.begin(group)
        let measured = budget.spend { share in
          measurer.measure(group, budget: share) { progress.show($0, of: group) }
        }
        let result = simulated?.filling(measured) ?? measured
        try folder.append(result)
        ofSuite.append(result)
      }
      progress.clear()
      answers.append(try Answer(suite, run: folder.url, limits: record.limits))
      SuitePrinter(suite: suite, limits: record.limits)
        .print(ofSuite, answer: answers[answers.count - 1])
      try folder.write(answers, of: record)
      if showsMetrics { for line in MetricTable(group).lines(ofSuite) { Console.out(line) } }
      results += ofSuite
    }
    return results
  }

  /// The time for `left` groups: what was given with `--resume`, or their share of the run's.
  private func budget(forGroups left: Int) -> Double? {
    guard continuation != nil, !options.hasOwnBudget else { return options.budget }
    return options.budget.map { $0 * Double(left) / Double(max(options.plan.groups.count, 1)) }
  }
}

/// Splits a time over groups: what one leaves over, the others get.
struct BudgetSplit {
  private var left: Double?
  private var groups: Int

  init(total: Double?, groups: Int) {
    left = total
    self.groups = groups
  }

  /// Runs `body` with the next group's share, in seconds, and books what it took.
  mutating func spend<Value>(_ body: (Double) -> Value) -> Value {
    let share = left.map { max(0, $0) / Double(max(groups, 1)) }
    let start = ContinuousClock.now
    let value = body(share ?? MeasuringOptions.defaultGroupBudget)
    let spent = (ContinuousClock.now - start).components
    left = left.map { $0 - Double(spent.seconds) - Double(spent.attoseconds) * 1e-18 }
    groups -= 1
    return value
  }
}
