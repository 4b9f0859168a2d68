// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring
internal import Planning
internal import Suites

/// `convscope simulate`: the child that Valgrind simulates; `--counters simulated` starts it.
struct SimulateVerb: Verb {
  static let name = CountSimulation.verb
  static let operands = "[SUITE…]"
  static let summary = "Run each case once for Valgrind; started by --counters simulated."
  static let discussion = """
    Reads a plan from the folder, or plans as `run` does; runs each entry twice to fill the simulated
    caches and once to be counted, and leaves in the folder which file has which entry's counts.
    """
  static let options =
    RunOptions.options + [
      Option(CountSimulation.folderOption, "DIR", "an existing folder for the list of entries"),
      Option(CountSimulation.planOption, nil, "the plan is in that folder"),
      slowDownOption,
    ]
  static let slowDownOption = Option(
    "--slow-down", "CASE=3%",
    "self-test of a gate: repeat this share of the tasks of the problems that CASE matches")
  static let isInternal = true

  private let task: SimulationTask
  private let folder: URL

  init(_ arguments: Arguments) throws {
    guard let path = arguments.value(CountSimulation.folderOption) else {
      throw UsageError.missingOperand("\(CountSimulation.folderOption) DIR")
    }
    folder = URL(filePath: path)
    guard arguments.has(CountSimulation.planOption) else {
      task = try RunOptions(arguments).simulation
      return
    }
    do {
      task = try CountSimulation.task(in: folder, build: Implementations.init(ofThisBuild:))
    } catch {
      throw UsageError.invalidValue(
        option: CountSimulation.planOption, value: path,
        accepted: "a folder with a plan of this build; \(error)")
    }
  }

  func run() throws -> ExitCode {
    guard CaseSimulator.isSimulated else {
      Console.error("convscope: simulate runs under Valgrind only; use --counters simulated")
      return .usage
    }
    var simulator = CaseSimulator(seed: task.seed, slowDown: task.slowDown)
    var rows: [SimulatedRow] = []
    for one in task.entries {
      Console.error(
        "[\(rows.count + 1)/\(task.entries.count)] simulating \(one.entry.suiteCase.name), "
          + one.entry.contender.kernel)
      rows.append(simulator.count(one.entry, suite: one.suite))
      // After each, so that one that Valgrind does not survive loses nothing before it.
      try SimulatedCounts.write(rows, into: folder)
    }
    return .success
  }
}
