// SPDX-License-Identifier: Apache-2.0

internal import Children
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
    A SUITE is a name from `list suites`, `all`, or a path to a suite file, a benchdnn batch file,
    an ONEDNN_VERBOSE log or an ONNX model (`peers/setup onnx` first). Results go to results/<machine>/<UTC time>/. What the numbers say to
    each suite's question is printed at its end and kept in answers.md. A run that was stopped is
    continued by `run --resume DIR`, as it was begun and without repeating what is finished.
    """
  /// How finely and what is measured, beside the plan.
  static let measuringOptions = [
    Option(
      "--precision", "1%",
      "half the relative width of the 95 % intervals that is enough (default 1%)"),
    Option(
      "--counters", "GROUP",
      "counter group, file or list of PAPI events (default: default); simulated asks Valgrind"),
    Option(
      "--slow-down", "CASE=10%",
      "self-test of whoever judges the run: repeat this share of the work of the cases that CASE, "
        + "a glob over descriptors, matches; with warm caches"),
  ]
  static let measures = true
  static let options =
    RunOptions.options + measuringOptions + [
      Option(
        "--budget", "60s",
        "time for all groups together, checks included; what it does not reach is written with the "
          + "status budget (without: rounds aim at "
          + "\(Int(MeasuringOptions.defaultGroupBudget))s for each group, \(Int(quickBudget))s for "
          + "\(RunOptions.defaultSuite))"),
      Option(
        "--processes", "N",
        "spread each group's rounds over N fresh processes and take intervals over those: from "
          + "\(ProcessSpread.leastForInterval) on (default \(ProcessSpread.usualCount) for up to "
          + "\(ProcessSpread.mostGroups) groups with comparisons, else 1: intervals within this "
          + "process)"),
      Option("--require-counters", nil, "exit with 4 where a counter of the group has no value"),
      Option("--output", "DIR", "folder for the results instead of results/<machine>/<time>"),
      Option("--report", nil, "also write the run's page, report.html, and name it at the end"),
      Option("--roofline", nil, "also draw roofline.png, .svg and .pdf"),
      Option("--resume", "DIR", "continue the stopped run in this folder"),
      Option("--wide", nil, "tables with every column, however wide"),
      Option("--markdown", nil, "answers and tables in Markdown, for a pull request"),
      Option("--no-progress", nil, "no progress on standard error"),
    ]

  /// Seconds for `quick`, which is to be over in a minute: what is left is for checks and processes.
  private static let quickBudget = 50.0

  private let options: RunOptions
  private let group: CounterGroup
  private let output: String?
  private let isSilent: Bool
  private let requiresCounters: Bool
  private let style: TableStyle
  /// What draws or writes something of the finished run.
  private let scripts: [PlotScript]
  /// Whoever names a group wants to see what it shows; the default group is for the CSV.
  private let showsMetrics: Bool
  private let processes: Int
  private let usualWorkers: [Int]
  private let continuation: RunContinuation?

  init(_ given: Arguments) throws {
    continuation = try RunContinuation(given, options: Self.options)
    let arguments = try continuation?.arguments(accepting: Self.options, given: given) ?? given
    usualWorkers = RunOptions.usualWorkers(arguments)
    var options = try RunOptions(
      arguments, budget: given, of: continuation?.url, usualWorkers: usualWorkers)
    if options.suiteFiles.isEmpty, options.suites.map(\.name) == [RunOptions.defaultSuite] {
      options.budget = options.budget ?? Self.quickBudget
    }
    self.options = options
    let counters = arguments.value("--counters")
    group = try CounterGroup.named(
      counters ?? "default", searching: [ProjectFolder.counterGroups])
    showsMetrics = counters != nil
    output = arguments.value("--output")
    isSilent = given.has("--no-progress") || arguments.has("--no-progress")
    requiresCounters = arguments.has("--require-counters")
    style = Self.style(arguments)
    let wanted: [(String, PlotScript)] = [("--roofline", .roofline), ("--report", .report)]
    scripts = wanted.filter { arguments.has($0.0) }.map { $0.1 }
    if !scripts.isEmpty { try PlotScript.prepare() }
    processes = try Self.processes(arguments, options, continuation)
  }

  /// Fresh processes for each group; what was begun before there were several by themselves goes on in
  /// one.
  private static func processes(
    _ arguments: Arguments, _ options: RunOptions, _ continuation: RunContinuation?
  ) throws -> Int {
    if let asked = try GateSettings.count(arguments, "--processes") { return asked }
    if let continuation { return continuation.record.processes ?? 1 }
    return ProcessSpread.usualCount(
      for: options.plan, hasExternals: !options.externals.isEmpty)
  }

  private static func style(_ arguments: Arguments) -> TableStyle {
    if arguments.has("--markdown") { return .markdown }
    return arguments.has("--wide") ? .wide : .fitting(width: ConsoleWidth.current)
  }

  func run() throws -> ExitCode {
    defer { options.modelFolder?.remove() }
    let interruption = Interruption.stopsPolitely()
    try announceInput()
    let environment = try environment()
    let pool = try WorkerPool(
      count: options.mostWorkers, sleepsAtOnce: !options.externals.isEmpty)
    let output = try folder(environment)
    let keeper = try limitKeeper(environment)
    let floor = noiseFloor(environment)
    let counting = counting()
    announce(floor)
    var suites = SuiteRun(
      options: options, continuation: continuation,
      folder: RunFolder(output, group: group, limits: keeper.limits), keeper: keeper,
      record: record(environment, keeper.limits, floor, counting.session),
      simulated: counting.simulated, metrics: showsMetrics ? MetricTable(group) : nil, style: style,
      isSilent: isSilent, interruption: interruption,
      profile: { profile($0, pool, $1) })
    let results = try suites.run { end in
      measuring(
        pool, counting.session, noiseFloor: floor.margins, peaks: keeper.limits.peakOfWorkers,
        until: end)
    }
    try finish(output.url.path(percentEncoded: false))
    return interruption.isRequested ? .interrupted : code(results)
  }

  /// The environment, in which what was begun may go on.
  private func environment() throws -> RunEnvironment {
    let environment = RunEnvironment.current()
    try continuation?.check(environment)
    if let remark = continuation?.remark(environment) { Console.error(remark) }
    return environment
  }

  /// Says where the results are, and draws what was asked for.
  private func finish(_ folder: String) throws {
    Console.error("results: \(folder)")
    for script in scripts { try script.run([folder]) }
  }

  /// The folder, told before the limits take their seconds where it cannot be written.
  private func folder(_ environment: RunEnvironment) throws -> OutputFolder {
    try continuation?.folder
      ?? ResultFolder.make(output, for: .run, machine: environment.machine)
  }

  /// Says what is odd about the input, and refuses what cannot be measured here.
  private func announceInput() throws {
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    try options.announcePrograms()
    try Preflight.checkFiles()
    try Preflight.checkMemory(options.plan)
  }

  /// What counts events: Valgrind, or this machine's counters.
  private func counting() -> (simulated: SimulatedGroup?, session: CounterSession?) {
    let simulated = SimulatedGroup(group, options.simulation, isSilent: isSilent)
    if let reason = simulated?.reason { Console.error("no counts: \(reason)") }
    return (simulated, simulated == nil ? CounterSession(group: group) : nil)
  }

  /// What the results of a run that came to its end mean for whoever started it.
  private func code(_ results: [GroupResult]) -> ExitCode {
    if requiresCounters, let missing = MissingCounter.first(of: group, in: results) {
      Console.error("convscope: \(missing)")
      return .inconclusive
    }
    if results.contains(where: { $0.cases.contains { $0.status == .wrong } }) {
      return .wrongResult
    }
    if let reason = Self.failure(results) {
      Console.error("convscope: \(reason)")
      return .failure
    }
    let reasons = [Indecision.reason(results), Self.outOfTime(results)].compactMap { $0 }
    guard !reasons.isEmpty else { return ModelReader.code(options.suites) }
    for reason in reasons { Console.error("convscope: \(reason)") }
    return .inconclusive
  }

  /// What the budget left out; nil where it reached everything.
  private static func outOfTime(_ results: [GroupResult]) -> String? {
    let cases = results.flatMap(\.cases)
    let left = cases.count { $0.status == .budget }
    guard left > 0 else { return nil }
    return "the budget was spent before \(left) of \(cases.count) rows; `run --resume` with the "
      + "folder and a new --budget measures what is left"
  }

  /// Time for looking where a network's time goes, in seconds.
  private static let profilingSeconds = 2.0

  /// Where the time of a network goes, each step in its place.
  private func profile(
    _ entry: PlanEntry, _ pool: WorkerPool, _ interruption: Interruption
  ) -> CaseProfile? {
    do {
      let profiler = try CaseProfiler(
        entry, pool: pool, session: nil, options: options.measuring,
        peakKernel: KernelCatalog.widestPeakKernel, splitsPhases: false)
      return try profiler.profile(seconds: Self.profilingSeconds, until: interruption)
    } catch {
      Console.error("no layers of \(entry.suiteCase.name): \(error)")
      return nil
    }
  }

  /// Why there is nothing to see, where cases failed and none was measured.
  private static func failure(_ results: [GroupResult]) -> String? {
    let cases = results.flatMap(\.cases)
    let failed = cases.filter { $0.status == .failed }
    guard let first = failed.first, cases.allSatisfy({ $0.time == nil }) else { return nil }
    return "nothing was measured: \(failed.count) rows failed; \(first.entry.suiteCase.name): "
      + first.reason
  }

  private func limitKeeper(_ environment: RunEnvironment) throws -> LimitKeeper {
    let store = MachineKnowledge.store(environment, isSilent: isSilent)
    guard let record = continuation?.record else { return try LimitKeeper(store) }
    return LimitKeeper(continuing: record.limits, store)
  }

  /// The record of this run: a new one, or that of the run which it continues.
  private func record(
    _ environment: RunEnvironment, _ limits: MachineLimits, _ floor: RunNoiseFloor,
    _ session: CounterSession?
  ) -> RunRecord {
    var record =
      continuation.map { resumed($0.record) } ?? begun(environment, limits, floor)
    record.counters = session.map { CounterRecord($0, overhead: CounterOverhead(of: $0)) }
    record.noiseFloorBetweenRuns = MachineDoctor.noiseFloor(machine: environment.machineKey)?
      .rows.map(\.apart).max()
    return record
  }

  private func resumed(_ record: RunRecord) -> RunRecord {
    var record = record
    record.resumedAt = (record.resumedAt ?? []) + [RunRecord.now]
    record.endedAt = nil
    record.interrupted = false
    return record
  }

  private func begun(
    _ environment: RunEnvironment, _ limits: MachineLimits, _ floor: RunNoiseFloor
  ) -> RunRecord {
    var measuring = options.measuring
    measuring.noiseFloor = floor.margins
    var record = RunRecord(
      version: ConvScope.version,
      command: ["convscope"] + ProcessInfo.processInfo.arguments.dropFirst(),
      options: measuring, suites: options.suites.map(\.name), environment: environment,
      libraries: KernelCatalog.libraries, limits: limits)
    record.suiteFiles = options.suiteFiles
    record.startedIn = FileManager.default.currentDirectoryPath
    record.noiseFloorSource = floor.source
    record.processes = processes > 1 ? processes : nil
    record.usualWorkers = usualWorkers
    return record
  }

  /// What the reader should know about the verdicts before there are any.
  private func announce(_ floor: RunNoiseFloor) {
    Console.error(floor.text)
    Console.error(
      processes == 1
        ? "intervals are within this process: another one may differ by more (--processes)"
        : "each group in \(processes) fresh processes; intervals are over these")
    if (2..<ProcessSpread.leastForInterval).contains(processes) {
      Console.error(
        "note: \(processes) processes are too few for a 95 % interval; it takes "
          + "\(ProcessSpread.leastForInterval)")
    }
  }

  private func noiseFloor(_ environment: RunEnvironment) -> RunNoiseFloor {
    if let record = continuation?.record {
      return RunNoiseFloor(record)
    }
    return RunNoiseFloor(stored: MachineDoctor.noiseFloor(machine: environment.machineKey))
  }

  /// Measures in this process, or in fresh ones.
  private func measuring(
    _ pool: WorkerPool, _ session: CounterSession?, noiseFloor: NoiseMargins,
    peaks: [Int: Double], until interruption: Interruption
  ) -> SuiteRun.GroupMeasurement {
    var measuring = options.measuring
    measuring.noiseFloor = noiseFloor
    measuring.peaks = peaks
    if processes > 1 {
      let spread = spread(counting: session == nil ? nil : group.events, measuring, interruption)
      return { group, budget, events in
        spread.measure(group, budget: budget, noiseFloor: noiseFloor, events: events)
      }
    }
    let measurer = Measurer(
      pool: pool, session: session, options: measuring,
      peakKernel: KernelCatalog.widestPeakKernel,
      externals: options.externals, interruption: interruption)
    return { group, budget, events in
      measurer.measure(group, budget: budget, events: events)
    }
  }

  /// Fresh processes that share a group's rounds; each gets its part of the plan as data.
  private func spread(
    counting counters: [CounterEvent]?, _ measuring: MeasuringOptions, _ interruption: Interruption
  ) -> ProcessSpread {
    let child = GroupProcess(interruption: interruption)
    return ProcessSpread(count: processes, interruption: interruption) { task in
      var options = measuring
      options.process = task.process
      options.rounds = ProcessSpread.roundsPerProcess
      options.visits = task.visits
      return child.run(
        GroupTask(
          group: task.group, options: options, seconds: task.budget,
          workers: self.options.mostWorkers, externals: self.options.externals,
          counters: counters, instructionSets: self.options.instructionSets))
    }
  }
}
