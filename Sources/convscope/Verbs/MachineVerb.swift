// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Foundation
internal import Measuring
internal import Reporting

/// `convscope machine`: what the machine is and what it can do at most.
struct MachineVerb: Verb {
  static let name = "machine"
  static let operands = ""
  static let summary = "Show the machine and its measured limits."
  static let discussion = """
    Limits are the FMA peak per instruction set, the bandwidth of each cache level and of memory,
    and the cost of a fork and join of the workers; measured once and kept in
    ~/.cache/convscope (or $XDG_CACHE_HOME/convscope).
    """
  static let options = [
    Option(
      "--check", nil,
      "say what disturbs measurements here and what mends it, and measure the noise floor"),
    Option(
      "--layout", nil,
      "with --check: also measure what the place of functions costs, by \(MachineDoctor.relinks) "
        + "relinks in another order (two minutes)"),
    Option("--refresh", nil, "measure the limits anew"),
    Option("--json", nil, "print JSON instead of tables"),
  ]

  private let isChecking: Bool
  private let hasLayouts: Bool
  private let isRefreshing: Bool
  private let isJSON: Bool

  init(_ arguments: Arguments) throws {
    if let word = arguments.operands.first {
      throw UsageError.tooManyOperands(word, accepted: "no operand")
    }
    isChecking = arguments.has("--check")
    hasLayouts = arguments.has("--layout")
    isRefreshing = arguments.has("--refresh")
    isJSON = arguments.has("--json")
    if hasLayouts, !isChecking {
      throw UsageError.withoutEffect(
        option: "--layout", place: "machine", accepted: "machine --check --layout")
    }
    for option in ["--refresh", "--json"] where isChecking && arguments.has(option) {
      throw UsageError.withoutEffect(
        option: option, place: "machine --check", accepted: "machine \(option)")
    }
  }

  func run() throws -> ExitCode {
    let environment = RunEnvironment.current()
    if isChecking { return try MachineDoctor.run(environment, withLayouts: hasLayouts) }
    let limits = try LimitKeeper(
      MachineKnowledge.store(environment), isRefreshing: isRefreshing
    ).limits
    if isJSON {
      Console.out(lines: try MachineReport.json(environment, limits))
      return .success
    }
    let lines =
      MachineReport.lines(environment, limits, width: ConsoleWidth.ofTables) + [""]
      + (try counterLines())
    for line in lines { Console.out(line) }
    return .success
  }

  /// What counting costs here, with the group that a run counts by default.
  private func counterLines() throws -> [String] {
    let group = try CounterGroup.named("default", searching: [ProjectFolder.counterGroups])
    let session = CounterSession(group: group)
    return CounterRecord(session, overhead: CounterOverhead(of: session)).lines
  }
}
