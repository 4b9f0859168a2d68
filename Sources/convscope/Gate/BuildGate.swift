// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Foundation
internal import Gating
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites
internal import Workers

/// `gate --against`: two builds, alternating.
struct BuildGate {
  let settings: GateSettings
  let arguments: Arguments
  let interruption: Interruption

  func run(against name: String) throws -> ExitCode {
    // The words that both builds serve with: what this one does not understand is the user's slip.
    _ = try ServeVerb(Arguments(settings.shared, accepting: ServeVerb.options))
    let program = try Self.program(name)
    let problems = try Self.problems(arguments, suites: arguments.operands)
    let environment = RunEnvironment.current()
    let folder = try ResultFolder.make(
      arguments.value("--output"), for: .gate, machine: environment.machine)
    var report = GateReport(
      version: ConvScope.version, startedAt: Date().formatted(.iso8601), against: name,
      machine: environment.machine,
      builds: ["base": program, "new": Self.ownProgram, "revision": environment.revision ?? ""],
      policy: settings.policy)
    let code = settings.skipsUnchanged ? UnchangedCode(base: program, settings.shared) : nil
    report.code = code?.text
    if let text = code?.text { Console.error("--skip-unchanged: \(text)") }
    let file = try GateRoundFile(in: folder.url, of: problems)
    let gate = gate(problems, program: program, unchanged: code?.places(problems), file)
    let start = ContinuousClock.now
    let cases = gate.run()
    try file.close()
    report.seconds = Self.seconds(since: start)
    report.repeatedSessions = gate.repeated.isEmpty ? nil : gate.repeated
    report.conclude(cases, overall: gate.overall, isInterrupted: interruption.isRequested)
    try GatePrinter.publish(report, in: folder.url)
    return ExitCode(rawValue: Int32(clamping: report.exitCode)) ?? .failure
  }

  private func gate(
    _ problems: [GateProblem], program: String, unchanged: Set<Int>?, _ file: GateRoundFile
  ) -> GateRun {
    let progress = GateProgress(isSilent: arguments.has("--no-progress"))
    return Self.run(
      problems, base: program, new: Self.ownProgram, unchanged: unchanged, settings: settings,
      isInterrupted: { [interruption] in interruption.isRequested || file.hasFailed },
      events: { event in
        progress.show(event)
        file.append(event)
      })
  }

  /// A gate between two programs.
  static func run(
    _ problems: [GateProblem], base: String, new: String, unchanged: Set<Int>? = nil,
    settings: GateSettings, isInterrupted: @escaping () -> Bool,
    events: @escaping (GateEvent) -> Void
  ) -> GateRun {
    let cpus = Array(AvailableCPUs.ids().prefix(problems.map(\.workers).max() ?? 1))
    let start = ContinuousClock.now
    return GateRun(
      problems: problems, unchanged: unchanged, judge: GateJudge(settings.policy),
      options: settings.options,
      launch: { (side: GateSide) throws(BuildFailure) in
        let own = side == .new ? settings.slowDown : []
        return try ServedBuild(
          side, command: [side == .base ? base : new, "serve"] + settings.shared + own,
          cpus: cpus, seed: settings.seed)
      },
      seconds: { seconds(since: start) }, isInterrupted: isInterrupted, events: events)
  }

  /// The cases of the suites, or of the one that is taken where none is named.
  static func problems(_ arguments: Arguments, suites operands: [String]) throws -> [GateProblem] {
    let names = operands.isEmpty ? [GateVerb.defaultSuite] : operands
    let options = try RunOptions.planOptions(arguments)
    let suites = try ModelReader(arguments).suites(names)
    for note in suites.flatMap(\.notes) { Console.error("note: \(note)") }
    let problems = GateProblem.problems(of: suites, workers: options.workers) { name in
      options.only?.matches(name) ?? true
    }
    let available = AvailableCPUs.ids().count
    if let most = problems.map(\.workers).max(), most > available {
      throw WorkerError.notEnoughCPUs(requested: most, available: available)
    }
    try Preflight.checkMemory(problems)
    guard !problems.isEmpty else {
      throw UsageError.invalidValue(
        option: "--only", value: arguments.value("--only") ?? "",
        accepted: "a regular expression that matches a case")
    }
    return problems
  }

  /// The program that `--against` names, built where it is a revision.
  /// - Throws: `GateError`.
  static func program(_ name: String) throws -> String {
    if name.hasPrefix(RevisionBuild.prefix) {
      return try RevisionBuild.program(String(name.dropFirst(RevisionBuild.prefix.count)))
    }
    // A folder may be executable, too.
    var isFolder: ObjCBool = false
    guard FileManager.default.isExecutableFile(atPath: name),
      FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), !isFolder.boolValue
    else { throw GateError.notExecutable(name) }
    return URL(filePath: name).standardizedFileURL.path(percentEncoded: false)
  }

  static var ownProgram: String {
    Bundle.main.executableURL?.path(percentEncoded: false) ?? "convscope"
  }

  static func seconds(since start: ContinuousClock.Instant) -> Double {
    (ContinuousClock.now - start) / .seconds(1)
  }
}
