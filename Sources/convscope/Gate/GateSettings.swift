// SPDX-License-Identifier: Apache-2.0

internal import Comparing
internal import Foundation
internal import Gating
internal import Inputs
internal import Measuring

/// The options of `gate`, checked.
struct GateSettings {
  var policy: GatePolicy
  /// What a gate of identical code shows here, by the length of visits.
  var floors: NoiseMargins
  var options: GateOptions
  /// Passed on to `serve` in both builds.
  var shared: [String]
  /// Passed on to `serve` in the new build only.
  var slowDown: [String]
  var seed: UInt64
  var skipsUnchanged: Bool

  static let all = [
    Option("--against", "PATH|git:REV", "another build: a program, or a revision that is built"),
    Option("--baseline", "DIR", "a stored run of this machine, as `run --output DIR` wrote it"),
    Option(
      "--threshold", "2%", "the smallest slowdown that matters (default 2%)"),
    Option(
      "--inconclusive", "pass|fail",
      "what undecided cases mean (default pass; exit code 4 where not one is decided)"),
    Option("--workers", "1,2", "worker counts to measure with (default: the suite's, else 1)"),
    Option("--only", "REGEX", "only the cases whose name matches"),
    Option(
      "--kernels", "GLOB[,GLOB…]",
      "variants to measure, each with its like (default: the suite's, mostly best)"),
    Option("--isa", "NAME[,NAME…]", "instruction sets that both builds use"),
    Option("--cache", "STATE[,…]", "warm, cold-filter or cold (default: the suite's, else warm)"),
    Option("--accuracy", "CLASS", "exact (default) or fast: what best may pick"),
    TunedSelection.option,
    RunOptions.typeOption,
    Option(
      "--processes", "N",
      "pairs of fresh processes in each of the two runs (default \(GateOptions.defaultSessions))"),
    Option(
      "--rounds", "N",
      "rounds of each case in a process (default \(GateOptions.defaultRounds))"),
    Option("--budget", "80s", "time for everything (default 80s)"),
    Option("--seed", "N", "seed of the tensors (default 1)"),
    Option("--output", "DIR", "folder for gate.json instead of results/<machine>/<time>-gate"),
    Option(
      "--slow-down", "CASE=3%",
      "self-test: this build repeats a share of its work in cases whose descriptor matches"),
    Option(
      "--skip-unchanged", nil,
      "do not measure cases whose kernel and its callers have the same machine code in both builds"
    ),
    ExecPermission.option,
    Option("--no-progress", nil, "no progress on standard error"),
  ]

  init(_ arguments: Arguments) throws {
    let stored = MachineDoctor.noiseFloor(machine: RunEnvironment.currentMachineKey())
    floors = Self.floors(stored)
    policy = try Self.policy(arguments, floors, stored)
    options = GateOptions(
      sessions: try Self.count(arguments, "--processes") ?? GateOptions.defaultSessions,
      rounds: try Self.count(arguments, "--rounds") ?? GateOptions.defaultRounds,
      budget: try arguments.parsed(
        "--budget", accepted: Units.acceptedTimes, Units.seconds)
        ?? GateOptions.defaultBudget)
    let shared = ["--isa", "--accuracy", TunedSelection.option.name]
    self.shared = arguments.options(ServeVerb.options.filter { shared.contains($0.name) })
    slowDown = try Self.slowDown(arguments)
    skipsUnchanged = arguments.has("--skip-unchanged")
    for name in ["--baseline", "--slow-down"] where skipsUnchanged && arguments.has(name) {
      throw UsageError.invalidValue(
        option: name, value: arguments.value(name) ?? "",
        accepted: "only --against with --skip-unchanged, which compares two builds as they are")
    }
    seed = try RunOptions.seed(arguments)
  }

  /// What a gate of identical code shows here, as `machine --check` measured it; what the place of
  /// functions costs is the least.
  private static func floors(_ stored: StoredNoiseFloor?) -> NoiseMargins {
    NoiseMargins(
      rows: (stored?.rows ?? []).compactMap { row in
        row.gate.map {
          NoiseMargins.Row(
            visitNanoseconds: row.visitNanoseconds,
            relative: max($0, stored?.layout?.relative ?? 0))
        }
      })
  }

  private static func policy(
    _ arguments: Arguments, _ floors: NoiseMargins, _ stored: StoredNoiseFloor?
  ) throws(UsageError) -> GatePolicy {
    let usual = floors.margin(visit: GateOptions.visitNanoseconds).relative
    let layout = stored?.layout?.relative == usual ? stored?.layout : nil
    let source =
      floors.rows.isEmpty
      ? "the usual one: machine --check measures yours"
      : (layout == nil ? "measured " : "of relinks, measured ")
        + (layout?.measuredAt ?? stored?.measuredAt ?? "")
    return GatePolicy(
      threshold: try arguments.parsed(
        "--threshold", accepted: "a share such as 2% or 0.02", Units.share)
        ?? GatePolicy.defaultThreshold,
      noiseFloor: usual, noiseFloorSource: source,
      inconclusive: try arguments.parsed("--inconclusive", accepted: "pass or fail") {
        GatePolicy.Inconclusive(rawValue: $0)
      } ?? .pass)
  }

  /// The words for `serve`, checked here so that they do not fail in a process.
  private static func slowDown(_ arguments: Arguments) throws(UsageError) -> [String] {
    guard let text = arguments.value("--slow-down") else { return [] }
    guard ServeVerb.slowDown(text) != nil else {
      throw UsageError.invalidValue(
        option: "--slow-down", value: text, accepted: ServeVerb.acceptedSlowDown)
    }
    return ["--slow-down", text]
  }

  /// The counts of processes and rounds that are accepted; the budget ends them long before.
  static let acceptedCounts = 1...1_000_000

  static func count(_ arguments: Arguments, _ name: String) throws(UsageError) -> Int? {
    try arguments.parsed(
      name, accepted: "a whole number from 1 to \(acceptedCounts.upperBound)"
    ) { Int(reading: $0, in: acceptedCounts) }
  }
}
