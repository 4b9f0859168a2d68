// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Convolution
internal import Counters
internal import Foundation
internal import Gating
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Reporting

/// `gate --counts`: what Valgrind counts in two builds, which no noise can touch.
struct CountGate {
  private let arguments: Arguments
  private let policy: CountGatePolicy
  private let interruption: Interruption

  /// - Throws: `UsageError` where a limit is not understood, `GateError` where an option is of the
  ///   gate by times only.
  init(_ arguments: Arguments, inconclusive: GatePolicy.Inconclusive, _ interruption: Interruption)
    throws
  {
    if let option = Self.optionsOfTimes.first(where: arguments.has) {
      throw GateError.onlyOfTimes(option)
    }
    policy = CountGatePolicy(limits: try Self.limits(arguments), inconclusive: inconclusive)
    self.arguments = arguments
    self.interruption = interruption
  }

  /// Simulates another build and this one, one after the other.
  /// - Throws: `GateError`, `SimulationError`, `ReportingError`.
  func run(against name: String) throws -> ExitCode {
    guard let valgrind = ValgrindTool() else { return Self.noValgrind() }
    let program = try BuildGate.program(name)
    // Makes the plan that the children will make, whose own errors nobody would see.
    _ = try plan(words())
    var report = try report(against: name, base: program)
    let start = ContinuousClock.now
    let base = try simulate(program, valgrind, .words(words()))
    let new = try simulate(BuildGate.ownProgram, valgrind, .words(slowDown + words()))
    report.seconds = BuildGate.seconds(since: start)
    report.conclude(base: base, new: new, isInterrupted: interruption.isRequested)
    return try publish(report)
  }

  /// Simulates this build and compares it with a run that was made with `--counters simulated`.
  /// - Throws: `ComparingError`, `GateError`, `SimulationError`, `ReportingError`.
  func run(baseline path: String) throws -> ExitCode {
    guard let valgrind = ValgrindTool() else { return Self.noValgrind() }
    let stored = try StoredCounts(URL(filePath: path))
    guard !stored.counts.entries.isEmpty else { throw GateError.noCounts(path) }
    var report = try report(against: path, base: stored.run.revision ?? "")
    let (ofMachine, others) = stored.differences(
      to: try StoredRun.flattened(RunEnvironment.current()))
    report.differences = ofMachine + others
    guard ofMachine.isEmpty else {
      Console.error(
        "convscope: the baseline's caches are of another machine; differences: "
          + ofMachine.map(\.text).joined(separator: "; "))
      return try publish(report)
    }
    // As the stored run was planned: by the program, and not by the one that is simulated.
    let plan = try self.plan(slowDown + simulated(words(suites: stored.run.suiteOperands)))
    let only = try PlanOptions(arguments).only?.matches ?? { _ in true }
    let start = ContinuousClock.now
    let new = try simulate(BuildGate.ownProgram, valgrind, .task(plan.simulation))
    report.seconds = BuildGate.seconds(since: start)
    report.conclude(
      base: stored.counts(asIn: new, where: only), new: new,
      isInterrupted: interruption.isRequested)
    return try publish(report)
  }

  private var slowDown: [String] {
    arguments.value("--slow-down").map { ["--slow-down=\($0)"] } ?? []
  }

  /// `words` with the instruction sets that can be simulated, where none are named.
  private func simulated(_ words: [String]) -> [String] {
    guard !arguments.has("--isa") else { return words }
    let names = InstructionSet.available.filter(\.isSimulated).map(\.rawValue)
    return ["--isa=\(names.joined(separator: ","))"] + words
  }

  private func simulate(
    _ program: String, _ valgrind: ValgrindTool, _ request: CountSimulation.Request
  ) throws -> SimulatedCounts {
    let isSilent = arguments.has("--no-progress")
    if !isSilent { Console.error("simulating \(program)") }
    return try CountSimulation(
      valgrind: valgrind, program: program, request, isSilent: isSilent
    ).run()
  }

  private func plan(_ words: [String]) throws -> RunOptions {
    try RunOptions(
      Arguments(words, accepting: RunOptions.options + [SimulateVerb.slowDownOption]))
  }

  /// The words of the plan; `suites` where the command line names none.
  private func words(suites: [String] = [GateVerb.defaultSuite]) -> [String] {
    arguments.words(RunOptions.options)
      + (arguments.operands.isEmpty ? Arguments.words(operands: suites) : [])
  }

  private func report(against name: String, base: String) throws -> CountGateReport {
    let environment = RunEnvironment.current()
    var report = CountGateReport(
      version: ConvScope.version, startedAt: Date().formatted(.iso8601), against: name,
      machine: environment.machine,
      builds: [
        "base": base, "new": BuildGate.ownProgram, "revision": environment.revision ?? "",
      ],
      policy: policy)
    report.remark = Self.remark(on: try RunOptions.instructionSets(arguments))
    return report
  }

  /// That what is counted is not what runs here: Valgrind's CPU has no AVX-512.
  static func remark(on wanted: [InstructionSet]) -> String? {
    guard wanted.contains(.avx512) else { return nil }
    return "Valgrind knows no AVX-512, so the AVX2 kernels were counted; here others run. "
      + "--isa avx2 says that this is meant, and a gate by times compares the others."
  }

  private func publish(_ report: CountGateReport) throws -> ExitCode {
    let folder = try ResultFolder.make(
      arguments.value("--output"), for: .gate, machine: report.machine)
    try GatePrinter.publish(report, in: folder.url)
    return ExitCode(rawValue: Int32(clamping: report.exitCode)) ?? .failure
  }

  private static func noValgrind() -> ExitCode {
    Console.error("convscope: \(ValgrindTool.absence)")
    return .inconclusive
  }
}

extension CountGate {
  static let options = [
    Option(
      "--counts", nil,
      "compare counts that Valgrind simulates instead of times; a stored run needs "
        + "--counters simulated"),
    Option(
      "--limit", "EVENT=1%[,…]",
      "with --counts: by how much an event may grow "
        + "(default \(100 * CountLimits.defaultShare)% each, but "
        + CountLimits.ownShares.sorted { $0.key < $1.key }
        .map { "\($0.key)=\(Int(100 * $0.value))%" }.joined(separator: ", ") + ")"),
  ]

  /// Options of the gate by times that mean nothing here.
  private static let optionsOfTimes = ["--threshold", "--processes", "--rounds", "--budget"]

  private static func limits(_ arguments: Arguments) throws(UsageError) -> [String: Double] {
    let accepted =
      "EVENT=SHARE, as PAPI_TOT_INS=1%, with one of "
      + SimulatedEvent.allCases.map(\.rawValue).joined(separator: ", ")
      + " and a share above 0 and below 1"
    var limits: [String: Double] = [:]
    for text in try arguments.list("--limit") {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, SimulatedEvent(rawValue: parts[0]) != nil,
        let share = Units.share(parts[1])
      else { throw .invalidValue(option: "--limit", value: text, accepted: accepted) }
      limits[parts[0]] = share
    }
    return limits
  }
}
