// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Foundation
internal import Gating
internal import Measuring
internal import Reporting
internal import Suites
internal import Workers

/// `convscope gate`: whether this build became slower than another one.
struct GateVerb: Verb {
  static let name = "gate"
  static let operands = "[SUITE…]"
  static let summary = "Compare this build with another build or a stored run; 2 where slower."
  static let discussion = """
    Without a suite: \(defaultSuite), or the suites of the stored run. With --against, both builds alternate in processes of their own, and
    what looks slower is measured again in fresh ones. Exit codes: 0 not slower, 2 slower,
    3 wrong result, 4 inconclusive or another machine. With --counts, what Valgrind counts is
    compared instead of times, which no noise can touch. See docs/Gates.md.
    """
  /// What is gated where no suite is named: a dozen problems that are cheap and of all kinds.
  static let defaultSuite = "gate-check"
  static let options = GateSettings.all + CountGate.options

  private let settings: GateSettings
  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    settings = try GateSettings(arguments)
    self.arguments = arguments
    let yardsticks = ["--against", "--baseline"].filter { arguments.has($0) }
    guard yardsticks.count == 1 else { throw GateError.oneYardstick }
    if arguments.has("--baseline"), !arguments.has("--counts") {
      for option in ["--rounds", "--slow-down"] where arguments.has(option) {
        Console.error("note: \(option) is about --against and means nothing with --baseline")
      }
    }
    if arguments.has("--limit"), !arguments.has("--counts") {
      throw GateError.onlyOfCounts("--limit")
    }
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    try Preflight.checkFiles()
    if arguments.has("--counts") { return try compareCounts(interruption) }
    if let baseline = arguments.value("--baseline") {
      let gate = BaselineGate(
        settings: settings, arguments: arguments, interruption: interruption)
      return try gate.run(baseline: baseline)
    }
    let gate = BuildGate(settings: settings, arguments: arguments, interruption: interruption)
    return try gate.run(against: arguments.value("--against") ?? "")
  }

  private func compareCounts(_ interruption: Interruption) throws -> ExitCode {
    let gate = try CountGate(
      arguments, inconclusive: settings.policy.inconclusive, interruption)
    if let baseline = arguments.value("--baseline") { return try gate.run(baseline: baseline) }
    return try gate.run(against: arguments.value("--against") ?? "")
  }
}
