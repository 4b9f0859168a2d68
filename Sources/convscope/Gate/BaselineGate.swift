// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Foundation
internal import Measuring
internal import Reporting

/// `gate --baseline`: this build against a stored run of the same machine.
struct BaselineGate {
  let settings: GateSettings
  let arguments: Arguments
  let interruption: Interruption

  func run(baseline path: String) throws -> ExitCode {
    let baseline = try StoredRun(URL(filePath: path))
    // A slip of the command line is told even where the baseline will be refused.
    if arguments.has("--kernels") { _ = try RunOptions(arguments(of: suites(baseline), [])) }
    let environment = RunEnvironment.current()
    let folder = try ResultFolder.make(
      arguments.value("--output"), for: .gate, machine: environment.machine)
    var report = try report(baseline, path, environment)
    guard report.differences.allSatisfy({ !$0.isOfMachine }) else {
      return try refuse(&report, folder.url)
    }
    let judge = BaselineJudge(baseline, policy: report.policy)
    if let refusal = try refusal(judge, baseline) {
      report.conclude([])
      try GatePrinter.publish(report, in: folder.url)
      Console.error("convscope: no verdict: \(refusal)")
      return .inconclusive
    }
    let start = ContinuousClock.now
    let cases = try cases(judge, baseline, in: folder.url)
    report.seconds = BuildGate.seconds(since: start)
    report.conclude(cases, isInterrupted: interruption.isRequested)
    try GatePrinter.publish(report, in: folder.url)
    return ExitCode(rawValue: Int32(clamping: report.exitCode)) ?? .failure
  }

  /// What is known before anything is measured.
  private func report(
    _ baseline: StoredRun, _ path: String, _ environment: RunEnvironment
  ) throws -> GateReport {
    var policy = settings.policy
    (policy.noiseFloor, policy.noiseFloorSource) = (
      baseline.noiseFloorBetweenRuns ?? 0,
      "between runs; what these two differ by is in the intervals"
    )
    var report = GateReport(
      version: ConvScope.version, startedAt: Date().formatted(.iso8601), against: path,
      machine: environment.machine,
      builds: ["base": baseline.revision ?? "", "new": environment.revision ?? ""],
      policy: policy)
    report.differences = try EnvironmentDifference.between(
      baseline.environment.filter { !$0.key.hasPrefix("libraries.") },
      StoredRun.flattened(environment))
    return report
  }

  /// Why there can be no verdict; a slip of the command line is told before.
  private func refusal(_ judge: BaselineJudge, _ baseline: StoredRun) throws -> String? {
    try RunOptions(arguments(of: suites(baseline), [])).checkPrograms()
    if let refusal = judge.refusal { return refusal }
    guard let processes = try GateSettings.count(arguments, "--processes"),
      processes < StoredCase.leastProcesses
    else { return nil }
    return "--processes is \(processes); accepted is \(StoredCase.leastProcesses) or more"
  }

  /// Times of another machine say nothing about the code.
  private func refuse(_ report: inout GateReport, _ folder: URL) throws -> ExitCode {
    report.conclude([])
    try GatePrinter.publish(report, in: folder)
    Console.error(
      "convscope: the baseline is of another machine; differences: "
        + report.differences.filter(\.isOfMachine).map(\.text).joined(separator: "; "))
    return .inconclusive
  }

  private func cases(
    _ judge: BaselineJudge, _ baseline: StoredRun, in folder: URL
  ) throws -> [GateCase] {
    let suites = suites(baseline)
    // As many workers as the baseline has: others would have nothing to be compared with.
    let counts = Set(baseline.cases.map(\.key.workers)).sorted().map(String.init)
    let workers =
      arguments.has("--workers") ? [] : ["--workers=\(counts.joined(separator: ","))"]
    let only = workers + (arguments.value("--only").map { ["--only=\($0)"] } ?? [])
    // Makes the plan that the children will make, so that its errors are this gate's.
    try RunOptions(arguments(of: suites, only)).checkPrograms()
    let processes = try GateSettings.count(arguments, "--processes") ?? baseline.processes
    let first = try measure(
      suites, only, processes: processes, into: folder.appending(path: "run-1"))
    let suspects = judge.suspects(first)
    guard !suspects.isEmpty, !interruption.isRequested else {
      return judge.cases(first, again: nil)
    }
    let names = Set(suspects.map { NSRegularExpression.escapedPattern(for: $0.key.name) }).sorted()
    let suspected = Set(suspects.map(\.key.suite)).sorted().map { first.suiteFiles[$0] ?? $0 }
    let again = try measure(
      suspected, workers + ["--only=^(\(names.joined(separator: "|")))$"], processes: processes,
      into: folder.appending(path: "run-2"))
    return judge.cases(first, again: again)
  }

  private func suites(_ baseline: StoredRun) -> [String] {
    arguments.operands.isEmpty ? baseline.suiteOperands : arguments.operands
  }

  /// What a child that measures reads.
  private func arguments(of suites: [String], _ options: [String]) throws -> Arguments {
    try Arguments(words(suites, options), accepting: RunVerb.options)
  }

  /// What is measured, in words of `run`; the suites may be words of a stored run.
  private func words(_ suites: [String], _ options: [String]) -> [String] {
    let passed = RunVerb.options.map(\.name)
    let own = ["--only", "--output", "--no-progress", "--processes"]
    let accepted = GateSettings.all.filter { passed.contains($0.name) && !own.contains($0.name) }
    return options + arguments.options(accepted)
      + Arguments.words(operands: suites)
  }

  /// A run in a process of its own.
  private func measure(
    _ suites: [String], _ options: [String], processes: Int, into folder: URL
  ) throws -> StoredRun {
    let command =
      [BuildGate.ownProgram, RunVerb.name, "--no-progress"]
      + ["--output=\(folder.path(percentEncoded: false))", "--processes=\(processes)"]
      + words(suites, options)
    let finished = try Command(command).run(until: interruption)
    if case .killed? = finished.ending, !finished.wasStopped {
      // Something else ended it: that says nothing about the build, unless it happens again.
      Console.error("note: the run \(finished.fate); run again")
      _ = try Command(command).run(until: interruption)
    }
    // A wrong result is a row, and so is an interruption; without run.json reading fails.
    return try StoredRun(folder)
  }
}
