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
    Plans as `run` does, runs each entry twice to fill the simulated caches and once to be counted,
    and leaves in the folder which file has which entry's counts.
    """
  static let options =
    RunOptions.options + [
      Option(CountSimulation.folderOption, "DIR", "an existing folder for the list of entries"),
      Option(
        "--slow-down", "CASE=3%",
        "self-test of a gate: repeat this share of the tasks of the problems that CASE matches"),
    ]
  static let isInternal = true

  private let options: RunOptions
  private let folder: URL

  init(_ arguments: Arguments) throws {
    guard let path = arguments.value(CountSimulation.folderOption) else {
      throw UsageError.missingOperand("\(CountSimulation.folderOption) DIR")
    }
    folder = URL(filePath: path)
    options = try RunOptions(arguments)
  }

  func run() throws -> ExitCode {
    guard CaseSimulator.isSimulated else {
      Console.error("convscope: simulate runs under Valgrind only; use --counters simulated")
      return .usage
    }
    let entries = options.plan.groups.flatMap { group in group.entries.map { (group.suite, $0) } }
    let measuring = options.measuring
    var simulator = CaseSimulator(seed: measuring.seed, slowDown: measuring.slowDown)
    var rows: [SimulatedRow] = []
    for (suite, entry) in entries {
      Console.error(
        "[\(rows.count + 1)/\(entries.count)] simulating \(entry.suiteCase.name), "
          + entry.contender.kernel)
      rows.append(simulator.count(entry, suite: suite))
      // After each, so that one that Valgrind does not survive loses nothing before it.
      try SimulatedCounts.write(rows, into: folder)
    }
    return .success
  }
}
