// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Measuring
internal import Planning
internal import Reporting
internal import Suites
internal import Workers

/// `convscope verify`: checks variants against the reference without timing them.
struct VerifyVerb: Verb {
  static let name = "verify"
  static let operands = "[SUITE…]"
  static let summary = "Check variants against the reference in Double, without timing."
  static let discussion = """
    Prints a line per case and variant, with the root mean square of the error over that of the
    result. Exit code 3 where one is wrong.
    """
  static let options =
    RunOptions.options + [Option("--no-progress", nil, "no progress on standard error")]

  private let options: RunOptions
  private let isSilent: Bool

  init(_ arguments: Arguments) throws {
    options = try RunOptions(arguments)
    isSilent = arguments.has("--no-progress")
  }

  func run() throws -> ExitCode {
    defer { options.modelFolder?.remove() }
    let interruption = Interruption.stopsPolitely()
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    try options.announcePrograms()
    try Preflight.checkFiles()
    try Preflight.checkMemory(options.plan)
    let measurer = Measurer(
      pool: try WorkerPool(count: options.mostWorkers), session: nil, options: options.measuring,
      externals: options.externals, interruption: interruption)
    let progress = Progress(weights: options.plan.groups.map { _ in 1 }, isSilent: isSilent)
    var results: [CaseResult] = []
    for group in options.plan.groups where !interruption.isRequested {
      results += measurer.verify(group, events: progress.begin(group)).cases
      progress.clear()
    }
    for line in VerificationReport.lines(results, width: ConsoleWidth.ofTables) {
      Console.out(line)
    }
    if interruption.isRequested { return .interrupted }
    return results.contains { $0.status == .wrong }
      ? .wrongResult : ModelReader.code(options.suites)
  }
}
