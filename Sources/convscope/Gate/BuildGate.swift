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
    let plan = try GatePlan(arguments, suites: arguments.operands)
    // It keeps the files of models.
    defer { withExtendedLifetime(plan) {} }
    let program = try Self.program(name)
    let environment = RunEnvironment.current()
    let folder = try ResultFolder.make(
      arguments.value("--output"), for: .gate, machine: environment.machine)
    let code = settings.skipsUnchanged ? UnchangedCode(base: program) : nil
    if let text = code?.text { Console.error("--skip-unchanged: \(text)") }
    var report = report(against: name, program, environment)
    report.code = code?.text
    let file = try GateRoundFile(in: folder.url, of: plan.entries)
    let gate = gate(plan, program: program, unchanged: code?.places(plan.entries), file)
    let start = ContinuousClock.now
    let cases = gate.run()
    try file.close()
    report.seconds = Self.seconds(since: start)
    if !gate.takesEntries { Console.error(Self.convolutionsOnly) }
    report.repeatedSessions = gate.repeated.isEmpty ? nil : gate.repeated
    report.conclude(cases, overall: gate.overall, isInterrupted: interruption.isRequested)
    try GatePrinter.publish(report, in: folder.url)
    return ExitCode(rawValue: Int32(clamping: report.exitCode)) ?? .failure
  }

  private func report(
    against name: String, _ program: String, _ environment: RunEnvironment
  ) -> GateReport {
    GateReport(
      version: ConvScope.version, startedAt: Date().formatted(.iso8601), against: name,
      machine: environment.machine,
      builds: ["base": program, "new": Self.ownProgram, "revision": environment.revision ?? ""],
      policy: settings.policy)
  }

  private static let convolutionsOnly =
    "note: one of the builds is too old for entries of a plan, so only convolutions with warm caches "
    + "were compared"

  private func gate(
    _ plan: GatePlan, program: String, unchanged: Set<Int>?, _ file: GateRoundFile
  ) -> GateRun {
    let progress = GateProgress(isSilent: arguments.has("--no-progress"))
    return Self.run(
      plan.entries, base: program, new: Self.ownProgram, unchanged: unchanged, settings: settings,
      isInterrupted: { [interruption] in interruption.isRequested || file.hasFailed },
      events: { event in
        progress.show(event)
        file.append(event)
      })
  }

  /// A gate between two programs.
  static func run(
    _ entries: [SuiteEntry], base: String, new: String, unchanged: Set<Int>? = nil,
    settings: GateSettings, isInterrupted: @escaping () -> Bool,
    events: @escaping (GateEvent) -> Void
  ) -> GateRun {
    let cpus = Array(AvailableCPUs.ids().prefix(entries.map(\.entry.workers).max() ?? 1))
    let start = ContinuousClock.now
    return GateRun(
      entries: entries, unchanged: unchanged, judge: GateJudge(settings.policy),
      floors: settings.floors, options: settings.options,
      launch: { (side: GateSide) throws(SubjectFailure) in
        let own = side == .new ? settings.slowDown : []
        return try ServedBuild(
          side, command: [side == .base ? base : new, ServeVerb.name] + settings.shared + own,
          cpus: cpus, seed: settings.seed)
      },
      seconds: { seconds(since: start) }, isInterrupted: isInterrupted, events: events)
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
