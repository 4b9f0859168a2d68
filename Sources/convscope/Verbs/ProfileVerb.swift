// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Counters
internal import Foundation
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites
internal import Workers

/// `convscope profile`: where the time of one case goes.
struct ProfileVerb: Verb {
  static let name = "profile"
  static let operands = "CASE"
  static let summary = "Show where the time of one case goes: phases, workers, timeline."
  static let discussion = """
    A CASE is a problem descriptor, or the name of a case of quick or of the suite that --suite
    names. Writes trace.json, which Perfetto and chrome://tracing open, and phases.csv.
    With --loop the case runs alone for that long, for perf and the like: see docs/Profiling.md.
    """
  static let measures = true
  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option("--suite", "SUITE", "the suite that has the case (default: quick)"),
    Option("--kernels", "GLOB", "the one variant to profile (default: best)"),
    RunOptions.instructionSetOption,
    Option("--workers", "N", "workers (default 1)"),
    Option("--cache", "STATE", "warm (default), cold-filter or cold"),
    Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
    Option("--partition", "KIND", "static (default) or dynamic: how workers get their tasks"),
    Option("--seconds", "2s", "time for the visits (default 2s)"),
    Option("--counters", "GROUP", "counter group, file or list of PAPI events (default: default)"),
    Option(
      "--why", nil,
      "also measure, in fresh processes, the case without its border, with full vectors and tiles, "
        + "and parts of it in level 1: what each explains of the distance from the peak"),
    Option("--loop", "SECONDS", "only run the case for so long, with nothing around it"),
    Option("--output", "DIR", "folder for the files instead of results/<machine>/<time>-profile"),
    Option("--seed", "N", "seed of the tensors (default 1)"),
  ]

  private let entry: PlanEntry
  private let options: MeasuringOptions
  private let seconds: Double
  private let loopSeconds: Double?
  private let group: CounterGroup
  private let output: String?
  private let asksWhy: Bool

  init(_ arguments: Arguments) throws {
    entry = try ProfiledCase(arguments).entry()
    options = MeasuringOptions(
      seed: try RunOptions.seed(arguments), partition: try RunOptions.partition(arguments))
    let accepted = Units.acceptedTimes
    seconds = try arguments.parsed("--seconds", accepted: accepted, Units.seconds) ?? 2
    loopSeconds = try arguments.parsed("--loop", accepted: accepted, Units.seconds)
    group = try CounterGroup.named(
      arguments.value("--counters") ?? "default", searching: [ProjectFolder.counterGroups])
    output = arguments.value("--output")
    asksWhy = arguments.has("--why")
    for option in ["--why", "--seconds", "--counters", "--output"]
    where loopSeconds != nil && arguments.has(option) {
      throw UsageError.withoutEffect(
        option: option, place: "profile --loop", accepted: "one of \(option) and --loop")
    }
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    try Preflight.checkFiles()
    let environment = RunEnvironment.current()
    let pool = try WorkerPool(count: entry.workers)
    if let loopSeconds {
      return try loop(seconds: loopSeconds, on: pool, until: interruption)
    }
    let folder = try ResultFolder.make(output, for: .profile, machine: environment.machine)
    let limits = try LimitKeeper(
      MachineKnowledge.store(environment)
    ).limits
    let profiler = try CaseProfiler(
      entry, pool: pool, session: CounterSession(group: group), options: options,
      peakKernel: KernelCatalog.widestPeakKernel)
    try profiler.verify()
    let profile = try profiler.profile(seconds: seconds, until: interruption)
    let report = ProfileReport(profile, limits: limits, group: group)
    for line in report.lines(width: ConsoleWidth.ofTables) { Console.out(line) }
    try write(profile, into: folder)
    if asksWhy, !interruption.isRequested {
      return try why(limits, until: interruption)
    }
    return interruption.isRequested ? .interrupted : .success
  }

  /// What the case would take where one thing were another.
  private func why(
    _ limits: MachineLimits, until interruption: Interruption
  ) throws -> ExitCode {
    let why = WhyProfile(entry: entry, limits: limits)
    let (all, group) = try why.group()
    let result = why.measured(
      group, options, budget: Self.whyFactor * seconds, until: interruption)
    if interruption.isRequested { return .interrupted }
    let rows = try why.rows(all, result).get()
    Console.out("")
    for line in why.lines(rows, all, result) { Console.out(line) }
    return .success
  }

  /// There are up to seven problems to measure.
  private static let whyFactor = 7.0

  /// Nothing but the case: what an outside profiler sees is the kernel and how it is started.
  private func loop(
    seconds: Double, on pool: WorkerPool, until interruption: Interruption
  ) throws -> ExitCode {
    let profiler = try CaseProfiler(
      entry, pool: pool, session: nil, options: options, peakKernel: nil)
    Console.error(
      "looping \(entry.suiteCase.descriptor) with \(entry.contender.kernel), process "
        + "\(ProcessInfo.processInfo.processIdentifier)")
    let done = try profiler.loop(seconds: seconds, until: interruption)
    Console.out(
      "\(done.iterations) iterations, "
        + String(format: "%.1f ns each", done.nanoseconds / Double(max(done.iterations, 1))))
    return interruption.isRequested ? .interrupted : .success
  }

  private func write(_ profile: CaseProfile, into folder: OutputFolder) throws {
    let files = ProfileFiles(folder)
    try files.write(profile, counters: group.events.map(\.name))
    Console.error("timeline: \(files.trace.path(percentEncoded: false)) (open it in Perfetto)")
    Console.error("phases:   \(files.phases.path(percentEncoded: false))")
  }
}
