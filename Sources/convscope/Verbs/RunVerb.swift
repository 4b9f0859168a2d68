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
    or an ONEDNN_VERBOSE log. Results go to results/<machine>/<UTC time>/.
    """
  static let options =
    RunOptions.options + [
      Option(
        "--precision", "1%",
        "half the relative width of the 95 % intervals that is enough (default 1%)"),
      Option("--budget", "60s", "time for all rounds together (default 20s for each group)"),
      Option(
        "--counters", "GROUP", "counter group, file or list of PAPI events (default: default)"),
      Option("--require-counters", nil, "exit with 4 where a counter of the group has no value"),
      Option("--output", "DIR", "folder for the results instead of results/<machine>/<time>"),
      Option("--no-progress", nil, "no progress on standard error"),
    ]

  private let options: RunOptions
  private let group: CounterGroup
  private let output: String?
  private let isSilent: Bool
  private let requiresCounters: Bool
  /// Whoever names a group wants to see what it shows; the default group is for the CSV.
  private let showsMetrics: Bool

  init(_ arguments: Arguments) throws {
    options = try RunOptions(arguments)
    group = try CounterGroup.named(
      arguments.value("--counters") ?? "default", searching: [ProjectFolder.counterGroups])
    output = arguments.value("--output")
    isSilent = arguments.has("--no-progress")
    requiresCounters = arguments.has("--require-counters")
    showsMetrics = arguments.value("--counters") != nil
  }

  func run() throws -> ExitCode {
    let interruption = Interruption()
    let signals = InterruptionSignals(interruption)
    defer { withExtendedLifetime(signals) {} }
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    try Preflight.checkMemory(options.plan)
    let environment = RunEnvironment.current()
    let pool = try WorkerPool(count: options.mostWorkers)
    let limits = try MachineKnowledge.limits(environment: environment, isRefreshing: false) {
      if !isSilent { Console.error($0) }
    }
    let session = CounterSession(group: group)
    let folder = try RunFolder(
      url(environment), group: group, limits: limits)
    var record = RunRecord(
      version: ConvScope.version,
      command: ["convscope"] + ProcessInfo.processInfo.arguments.dropFirst(),
      options: options.measuring, suites: options.suites.map(\.name), environment: environment,
      libraries: KernelCatalog.libraries, limits: limits)
    record.counters = CounterRecord(session, overhead: CounterOverhead(of: session))
    record.noiseFloorBetweenRuns = MachineDoctor.noiseFloor(machine: environment.machine)?
      .rows.map(\.apart).max()
    try folder.write(record)
    for suite in options.suites { try folder.begin(suite: suite.name, axes: suite.axisNames) }
    let measurer = Measurer(
      pool: pool, session: session, options: options.measuring,
      peakKernel: KernelCatalog.limitKernels(for: InstructionSet.available)
        .filter { $0.family == .peakFMA }.max { $0.instructionSet < $1.instructionSet },
      externals: options.externals, interruption: interruption)
    let results = try measureAll(measurer, into: folder, limits: limits, until: interruption)
    record.endedAt = Date().formatted(.iso8601)
    record.interrupted = interruption.isRequested
    try folder.write(record)
    Console.error("results: \(folder.url.path(percentEncoded: false))")
    if interruption.isRequested { return .interrupted }
    if requiresCounters, let missing = MissingCounter.first(of: group, in: results) {
      Console.error("convscope: \(missing)")
      return .inconclusive
    }
    return results.contains { $0.cases.contains { $0.status == .wrong } } ? .wrongResult : .success
  }

  /// Measures group by group; every row is on disk before the next group begins.
  private func measureAll(
    _ measurer: Measurer, into folder: RunFolder, limits: MachineLimits,
    until interruption: Interruption
  ) throws -> [GroupResult] {
    let progress = Progress(groups: options.plan.groups.count, isSilent: isSilent)
    var budget = BudgetSplit(total: options.budget, groups: options.plan.groups.count)
    var results: [GroupResult] = []
    for suite in options.suites {
      var ofSuite: [GroupResult] = []
      for group in options.plan.groups where group.suite == suite.name {
        if interruption.isRequested { break }
        progress.begin(group)
        let result = budget.spend { share in
          measurer.measure(group, budget: share) { progress.show($0, of: group) }
        }
        try folder.append(result)
        ofSuite.append(result)
      }
      progress.clear()
      SuitePrinter(suite: suite, limits: limits).print(ofSuite)
      if showsMetrics { for line in MetricTable(group).lines(ofSuite) { Console.out(line) } }
      results += ofSuite
    }
    return results
  }

  private func url(_ environment: RunEnvironment) -> URL {
    if let output { return URL(filePath: output) }
    return ProjectFolder.url.appending(
      path: "results/\(environment.machine)/\(UTCTime.now)")
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
