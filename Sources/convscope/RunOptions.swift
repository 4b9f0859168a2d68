// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
internal import Counters
internal import Foundation
internal import Inputs
internal import KernelCatalog
internal import Measuring
internal import Planning
internal import Suites
internal import Workers

/// The options that `run` and `verify` share, checked.
struct RunOptions {
  var suites: [Suite]
  var plan: Plan
  var measuring: MeasuringOptions
  /// Time for all groups together, in seconds; nil leaves each group its own limit.
  var budget: Double?
  /// Whether somebody asked for the budget, so that it holds; what is usual only aims.
  var promisesBudget = false
  /// Whether the budget is of these arguments and not of the run that they continue.
  var hasOwnBudget = true
  /// Programs of the external contenders that the plan has.
  var programs: [ProgramToStart]
  /// Which of them may be started.
  private var permission: ExecPermission
  var instructionSets: [InstructionSet]
  /// Where the files of models are while they run; nil without one.
  let modelFolder: ModelFolder?

  static let instructionSetOption = Option(
    "--isa", "NAME[,NAME…]",
    "instruction sets to use: "
      + InstructionSet.allCases.map(\.rawValue).joined(separator: ", "))
  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option(
      "--workers", "1,2",
      "worker counts to measure with (default: the suite's, else 1; run also takes all there are)"),
    Option(
      "--kernels", "GLOB[,GLOB…]",
      "variants to measure; best is the one that the selection picks (default: the suite's)"),
    Runtimes.option,
    instructionSetOption,
    Option("--only", "REGEX", "only the cases whose name matches"),
    Option("--cache", "STATE[,…]", "warm, cold-filter or cold (default: the suite's, else warm)"),
    Option(
      "--accuracy", "CLASS",
      "exact (default) or fast: what best may pick; fast adds Winograd where its rms error is "
        + "expected to be at most \(AccuracyClass.largestFastError) of the output's"),
    TunedSelection.option,
    typeOption,
    Option("--partition", "KIND", "static (default) or dynamic: how workers get their tasks"),
    Option("--seed", "N", "seed of tensors and of the rounds' order (default 1)"),
    Option(
      "--peer", repeatable: "NAME=COMMAND",
      "an external contender, measured beside the others"),
    ExecPermission.option,
  ]

  /// Worker counts of a run that names none: one, and all, so that it says what the others bring.
  ///
  /// What Valgrind simulates takes minutes and is the same for each.
  static func usualWorkers(_ arguments: Arguments) -> [Int] {
    let all = AvailableCPUs.ids().count
    let isSimulated = arguments.value("--counters") == SimulatedEvent.groupName
    return all > 1 && !isSimulated ? [1, all] : [1]
  }

  /// Options of `arguments`, with the budget that `given` has where those continue the run `stored`.
  init(
    _ arguments: Arguments, budget given: Arguments? = nil, of stored: URL? = nil,
    usualWorkers: [Int] = [1]
  ) throws {
    instructionSets = try Self.instructionSets(arguments)
    let names = arguments.operands.isEmpty ? [Self.defaultSuite] : arguments.operands
    let isModel = SuiteLibrary(folder: ProjectFolder.suites).isModel
    modelFolder = names.contains(where: isModel) ? try ModelFolder() : nil
    let seed = try Self.seed(arguments)
    let reader = ModelReader(arguments, networksIn: modelFolder, seed: seed)
    suites = try Self.typed(try reader.suites(names), arguments)
    var planOptions = try PlanOptions(arguments)
    planOptions.usualWorkers = usualWorkers
    // Choosing a kernel takes long for a problem that is too large to be run.
    try Preflight.checkMemory(suites, only: planOptions.only.map { $0.matches })
    let known = try Self.programs(arguments, suites: suites, of: stored)
    (plan, programs) = try Self.plan(
      suites, &planOptions, known, KernelCatalog(instructionSets: instructionSets), arguments)
    permission = try ExecPermission(arguments)
    measuring = try Self.measuring(arguments)
    try checkSlowDown(arguments)
    hasOwnBudget = given.map { $0.has("--budget") } ?? true
    budget = try (hasOwnBudget ? given ?? arguments : arguments)
      .parsed("--budget", accepted: Units.acceptedTimes, Units.seconds)
    promisesBudget = budget != nil
  }

  private static func measuring(_ arguments: Arguments) throws -> MeasuringOptions {
    var measuring = MeasuringOptions(
      precision: try arguments.parsed(
        "--precision", accepted: "a share such as 1% or 0.01", Units.share)
        ?? MeasuringOptions.defaultPrecision,
      seed: try seed(arguments), partition: try partition(arguments))
    measuring.slowDown = try arguments.parsed(
      "--slow-down", accepted: ServeVerb.acceptedSlowDown, ServeVerb.slowDown)
    return measuring
  }

  /// A slowdown of nothing would be a self-test that tests nothing.
  private func checkSlowDown(_ arguments: Arguments) throws(UsageError) {
    let cases = plan.groups.flatMap { $0.entries.map(\.suiteCase.descriptor) }
    guard let slowDown = measuring.slowDown, !cases.contains(where: slowDown.matches) else {
      return
    }
    throw .invalidValue(
      option: "--slow-down", value: arguments.value("--slow-down") ?? "",
      accepted: "a glob that matches one of "
        + NearestNames.accepted(Set(cases).sorted(), near: slowDown.pattern))
  }

  /// What runs where no suite is named.
  static let defaultSuite = "quick"

  /// Programs and arguments of the external contenders, by name.
  ///
  /// The program of a suite is looked for in this checkout, too.
  var externals: [String: [String]] {
    Dictionary(
      programs.map { program in
        switch program.source {
        case .suite, .runtime: (program.contender, ProjectFolder.resolving(program.command))
        case .commandLine, .storedRun: (program.contender, program.command)
        }
      }, uniquingKeysWith: { $1 })
  }

  /// Where the suites lie that are no suites of the library, by name.
  var suiteFiles: [String: String] {
    Dictionary(
      suites.compactMap { suite in
        suite.file.map { (suite.name, URL(filePath: $0).standardizedFileURL) }
      }.map { ($0, $1.path(percentEncoded: false)) }, uniquingKeysWith: { $1 })
  }

  /// Checks that the programs may be started; whoever starts them asks first.
  /// - Throws: `UsageError.notAllowed`.
  func checkPrograms() throws(UsageError) { try permission.check(programs) }

  /// The same, and says which programs will be started.
  /// - Throws: `UsageError.notAllowed`.
  func announcePrograms() throws(UsageError) {
    try checkPrograms()
    for program in programs {
      Console.error("will start \(program), named by \(program.source.text)")
    }
  }

  /// The plan, for Valgrind.
  var simulation: SimulationTask {
    SimulationTask(plan, measuring, instructionSets: instructionSets)
  }

  /// The most workers that any entry asks for.
  var mostWorkers: Int { plan.groups.flatMap { $0.entries.map(\.workers) }.max() ?? 1 }

  static func accuracy(_ arguments: Arguments) throws(UsageError) -> AccuracyClass {
    try arguments.parsed("--accuracy", accepted: "exact or fast") {
      AccuracyClass(rawValue: $0)
    } ?? .exact
  }

  static func seed(_ arguments: Arguments) throws(UsageError) -> UInt64 {
    try arguments.parsed("--seed", accepted: "a whole number from 0 to \(UInt64.max)") {
      UInt64(reading: $0, in: 0...UInt64.max)
    } ?? 1
  }

  static func partition(_ arguments: Arguments) throws(UsageError) -> Partition {
    let accepted = Partition.allCases.map(\.rawValue).joined(separator: " or ")
    return try arguments.parsed("--partition", accepted: accepted) {
      Partition(rawValue: $0)
    } ?? .fixed
  }

  /// The plan, and the programs that it has among those that are `known` or asked for as runtimes.
  private static func plan(
    _ suites: [Suite], _ options: inout PlanOptions, _ known: [ProgramToStart],
    _ catalog: KernelCatalog, _ arguments: Arguments
  ) throws -> (Plan, [ProgramToStart]) {
    let runtimes = try Runtimes(arguments, variants: catalog.variants, known: known)
    options.runtimes = runtimes.asked
    let programs = known + runtimes.programs
    let selection = try TunedSelection(catalog, arguments)
      .selection(externals: programs.map(\.contender).sorted())
    let plan = try Plan(suites: suites, selection: selection, options: options)
    let used = plan.externalContenders
    return (plan, programs.filter { used.contains($0.contender) })
  }

  /// Worker counts as named, or the usual ones, for what has no plan that would check them.
  /// - Throws: `WorkerError` where this process has fewer CPUs.
  static func workers(_ arguments: Arguments, usual: [Int]) throws -> [Int] {
    let asked = try PlanOptions(arguments).workers
    let available = AvailableCPUs.ids().count
    if let most = asked.max(), most > available {
      throw WorkerError.notEnoughCPUs(requested: most, available: available)
    }
    return asked.isEmpty ? usual : asked
  }

  static func instructionSets(
    _ arguments: Arguments
  ) throws(UsageError) -> [InstructionSet] {
    let words = try arguments.list("--isa")
    guard !words.isEmpty else { return InstructionSet.available }
    var sets: [InstructionSet] = []
    for word in words {
      guard let set = InstructionSet(rawValue: word), InstructionSet.available.contains(set) else {
        throw .invalidValue(
          option: "--isa", value: word,
          accepted: "what this CPU has: "
            + InstructionSet.available.map(\.rawValue).joined(separator: ", "))
      }
      sets.append(set)
    }
    return sets
  }

  /// The programs that the suites and the command line name, each contender's once.
  private static func programs(
    _ arguments: Arguments, suites: [Suite], of stored: URL?
  ) throws(UsageError) -> [ProgramToStart] {
    var programs: [ProgramToStart] = []
    for suite in suites {
      for contender in suite.externalContenders {
        try add(
          ProgramToStart(
            contender: contender.name, command: contender.exec,
            source: .suite(suite.name, file: suite.file)),
          to: &programs)
      }
    }
    let source: ProgramToStart.Source =
      stored.map { .storedRun($0.path(percentEncoded: false)) } ?? .commandLine
    for peer in try peers(arguments) {
      // What is typed is meant in place of what a suite says.
      programs.removeAll { $0.contender == peer.name }
      programs.append(
        ProgramToStart(contender: peer.name, command: peer.command, source: source))
    }
    return programs
  }

  private static func peers(
    _ arguments: Arguments
  ) throws(UsageError) -> [(name: String, command: [String])] {
    let peers = try arguments.all("--peer").map { (text) throws(UsageError) in try peer(text) }
    for peer in peers
    where peers.contains(where: { $0.name == peer.name && $0.command != peer.command }) {
      throw .invalidValue(
        option: "--peer", value: peer.name, accepted: "one command for each name")
    }
    return peers
  }

  /// Two suites may name the same program, and not two different ones by one name.
  private static func add(
    _ program: ProgramToStart, to programs: inout [ProgramToStart]
  ) throws(UsageError) {
    guard let other = programs.first(where: { $0.contender == program.contender }) else {
      programs.append(program)
      return
    }
    guard other.command == program.command else {
      throw .invalidValue(
        option: "SUITE", value: "\(program), named by \(program.source.text)",
        accepted: "one command for each contender; \(other.source.text) has \(other)")
    }
    if other.source.isTrusted, !program.source.isTrusted { return }
    programs.removeAll { $0 == other }
    programs.append(program)
  }

  static func peer(_ text: String) throws(UsageError) -> (name: String, command: [String]) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let command = parts.count == 2 ? parts[1].split(separator: " ").map(String.init) : []
    let name = String(parts[0])
    guard !command.isEmpty, ExternalContender.mayBeCalled(name) else {
      throw .invalidValue(
        option: "--peer", value: text,
        accepted: "NAME=COMMAND, as ort=python3 peers/ort.py, with "
          + ExternalContender.acceptedNames)
    }
    return (name, command)
  }
}
