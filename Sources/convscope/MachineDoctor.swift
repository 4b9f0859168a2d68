// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Convolution
internal import Foundation
internal import Gating
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Reporting
internal import Statistics
internal import Suites
internal import Workers

/// `machine --check`: what disturbs measurements here, and how much identical code differs by.
enum MachineDoctor {
  /// Where the floors are kept, beside the machine's limits.
  static func folder(machine: String) -> URL {
    MachineLimits.cacheFile(machine: machine).deletingLastPathComponent()
  }

  /// The floors that were measured on this machine, if any.
  ///
  /// A file that is damaged is as none, and is said to be.
  static func noiseFloor(machine: String) -> StoredNoiseFloor? {
    do throws(ComparingError) {
      return try StoredNoiseFloor.check(folder(machine: machine), machine: machine)
    } catch {
      Console.error("note: \(error); it is ignored until `machine --check` writes it anew")
      return nil
    }
  }

  /// A problem of about 0.1 ms that stays in the second cache level, as most layers of a gate do.
  static let problem = "ic64ih14oc64kh3ph1"

  /// Checks, measures and stores.
  /// - Throws: `SubjectFailure`, `ProblemError`.
  static func run(_ environment: RunEnvironment, withLayouts: Bool) throws -> ExitCode {
    let findings = MachineFinding.check(environment)
    for line in lines(findings) { Console.out(line) }
    Console.error("measuring what identical code differs by, in fresh processes; about a minute")
    let interruption = Interruption.stopsPolitely()
    let rows = try measure(interruption)
    let now = Date().formatted(.iso8601)
    let layout =
      withLayouts
      ? try layouts(interruption, at: now, load: environment.loadAverage)
      : kept(machine: environment.machineKey)
    if interruption.isRequested { return .interrupted }
    let floor = StoredNoiseFloor(
      machine: environment.machineKey, measuredAt: now, loadAverage: environment.loadAverage,
      rows: rows, layout: layout)
    try keep(floor, environment)
    let biases = try bias(interruption)
    if interruption.isRequested { return .interrupted }
    Console.out("")
    for line in lines(biases, floor) { Console.out(line) }
    return .success
  }

  /// This build in this process against itself behind the protocol.
  private static func bias(_ interruption: Interruption) throws -> [HarnessBias.Row] {
    let catalog = KernelCatalog(instructionSets: InstructionSet.available)
    let selection = try TunedSelection(catalog, Arguments([], accepting: ServeVerb.options))
    let pool = try WorkerPool(count: 1, sleepsAtOnce: true)
    let study = HarnessBias(
      contender: { operation in
        (selection.best([operation], workers: 1)?.first).map { .variants([$0.variant]) }
      },
      begin: {
        // A measurer ends its contenders' processes, so each session has one of its own.
        let measurer = Measurer(
          pool: pool, session: nil, options: MeasuringOptions(),
          externals: [HarnessBias.servedName: [BuildGate.ownProgram, "serve"]],
          interruption: interruption)
        return { group in measurer.measure(group, budget: HarnessBias.budget) { _ in } }
      }, isInterrupted: { interruption.isRequested })
    return try study.rows()
  }

  /// Shows a floor, and stores it where nothing speaks against that.
  private static func keep(_ floor: StoredNoiseFloor, _ environment: RunEnvironment) throws {
    Console.out("")
    for line in lines(floor) { Console.out(line) }
    let reason = floor.reasonAgainst(cpus: environment.onlineCPUs)
    if reason == nil { try floor.store(folder(machine: environment.machineKey)) }
    Console.out(
      reason.map { "not kept: \($0)" } ?? "kept for \(Int(StoredNoiseFloor.daysValid)) days")
  }

  private static func cells(_ row: HarnessBias.Row, _ margin: Double) -> [String] {
    let interval = row.ratio.flatMap { ratio in
      zip2(ratio.lower, ratio.upper).map { String(format: "%.3f … %.3f", $0, $1) }
    }
    let marks: [Bool?: String] = [true: "!", false: "ok", nil: "?"]
    return [
      marks[row.isBiased(floor: margin)] ?? "?", row.problem, row.direction.rawValue,
      row.ratio.map { String(format: "%.3f", $0.ratio) } ?? "—", interval ?? "—",
      String(row.ratio?.rounds ?? 0),
    ]
  }

  private static func lines(_ rows: [HarnessBias.Row], _ floor: StoredNoiseFloor) -> [String] {
    let margin = RunNoiseFloor(stored: floor).relative
    var table = TextTable(
      [
        ("", .left), ("problem", .left), ("measured as", .left), ("served / in process", .right),
        ("interval", .left), ("sessions", .right),
      ], expendable: ["sessions", "interval"])
    for row in rows { table.append(cells(row, margin)) }
    let biased = rows.count { $0.isBiased(floor: margin) == true }
    let open = rows.count { $0.isBiased(floor: margin) == nil }
    var verdict =
      biased == 0
      ? "no bias of the harness beyond the noise floor"
      : "\(biased) of \(rows.count) are beyond the noise floor: comparisons with contenders in "
        + "processes of their own are tilted by as much"
    if open > 0 { verdict += "; \(open) undecided, too few calm sessions" }
    let title =
      "the same build behind the contender protocol and in this process (±"
      + String(format: "%.2f %% is noise)", 100 * margin)
    return [title] + table.lines(width: ConsoleWidth.ofTables) + [verdict]
  }

  private static func zip2<Left, Right>(_ left: Left?, _ right: Right?) -> (Left, Right)? {
    guard let left, let right else { return nil }
    return (left, right)
  }

  private static func measure(_ interruption: Interruption) throws -> [StoredNoiseFloor.Row] {
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: Self.problem, steps: [try ProblemDescriptor.parse(Self.problem)]),
      contender: .unsupported(name: KernelSelection.bestPattern, reason: ""), workers: 1,
      cache: .warm)
    let cpus = Array(AvailableCPUs.ids().prefix(1))
    let study = NoiseFloorStudy(
      entry: SuiteEntry(suite: "", entry: entry),
      launch: { (side: GateSide) throws(SubjectFailure) in
        try ServedBuild(side, command: [BuildGate.ownProgram, "serve"], cpus: cpus, seed: 1)
      },
      isInterrupted: { interruption.isRequested })
    return try study.rows()
  }

  private static func lines(_ findings: [MachineFinding]) -> [String] {
    var table = TextTable([
      ("", .left), ("checked", .left), ("found", .left), ("what it costs", .left),
    ])
    for one in findings {
      table.append([one.isFine ? "ok" : "!", one.subject, one.found, one.cost])
    }
    let remedies = findings.filter { !$0.isFine }.map { "  \($0.subject): \($0.remedy)" }
    return table.lines(width: ConsoleWidth.ofTables)
      + (remedies.isEmpty ? [] : ["", "what helps"] + remedies)
  }

  private static func lines(_ floor: StoredNoiseFloor) -> [String] {
    var table = TextTable(
      [
        ("visit", .right), ("process pairs", .right), ("interleaved", .right),
        ("one after the other", .right), ("whole gate", .right),
      ], expendable: ["process pairs"])
    let percent = { (share: Double?) in
      share.map { String(format: "±%.2f %%", 100 * $0) } ?? "—"
    }
    for row in floor.rows {
      table.append([
        String(format: "%.2f ms", row.visitNanoseconds / 1e6), String(row.sessions),
        percent(row.paired), percent(row.apart), percent(row.gate),
      ])
    }
    return ["what identical code differs by (A/A), in 95 % of the cases"]
      + table.lines(width: ConsoleWidth.ofTables) + (floor.layout.map { [$0.text] } ?? [])
  }
}
