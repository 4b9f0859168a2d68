// SPDX-License-Identifier: Apache-2.0

internal import Blocks
internal import Convolution
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
  /// Time for all rounds together, in seconds; nil leaves each group its own limit.
  var budget: Double?
  /// Whether the budget is of these arguments and not of the run that they continue.
  var hasOwnBudget = true
  /// Programs and arguments of the external contenders, by name.
  var externals: [String: [String]]
  var instructionSets: [InstructionSet]

  static let options = ownOptions + ModelReader.options
  private static let ownOptions = [
    Option("--workers", "1,2", "worker counts to measure with (default: the suite's, else 1)"),
    Option(
      "--kernels", "GLOB[,GLOB…]",
      "variants to measure; best is the one that the selection picks (default: the suite's)"),
    Option("--isa", "NAME[,NAME…]", "instruction sets to use: baseline, avx2, avx512"),
    Option("--only", "REGEX", "only the cases whose name matches"),
    Option("--cache", "STATE[,…]", "warm, cold-filter or cold (default: the suite's, else warm)"),
    Option(
      "--accuracy", "CLASS",
      "exact (default) or fast: what best may pick; fast adds Winograd where its rms error is "
        + "expected to be at most \(AccuracyClass.largestFastError) of the output's"),
    TunedSelection.option,
    Option("--partition", "KIND", "static (default) or dynamic: how workers get their tasks"),
    Option("--seed", "N", "seed of tensors and of the rounds' order (default 1)"),
    Option(
      "--peer", "NAME=COMMAND",
      "an external contender, measured beside the others; may be given several times"),
  ]

  /// Options of `arguments`, with the budget that `given` has where those continue a run.
  init(_ arguments: Arguments, budget given: Arguments? = nil) throws {
    instructionSets = try Self.instructionSets(arguments)
    let names = arguments.operands.isEmpty ? [Self.defaultSuite] : arguments.operands
    suites = try ModelReader(arguments).suites(names)
    let planOptions = try Self.planOptions(arguments)
    // Choosing a kernel takes long for a problem that is too large to be run.
    try Preflight.checkMemory(suites, only: planOptions.only.map { $0.matches })
    externals = try Self.externals(arguments, suites: suites)
    let catalog = KernelCatalog(instructionSets: instructionSets)
    let tuned = try TunedSelection(catalog, arguments)
    let selection = KernelSelection(
      variants: catalog.variants, graphs: GraphRunner.all(catalog),
      externals: externals.keys.sorted(),
      best: { operations, workers in tuned.best(operations, workers: workers) })
    plan = try Plan(
      suites: suites, selection: selection, options: planOptions)
    measuring = MeasuringOptions(
      precision: try arguments.parsed(
        "--precision", accepted: "a share such as 1% or 0.01", Units.share)
        ?? MeasuringOptions.defaultPrecision,
      seed: try Self.seed(arguments),
      partition: try Self.partition(arguments))
    hasOwnBudget = given.map { $0.has("--budget") } ?? true
    budget = try (hasOwnBudget ? given ?? arguments : arguments)
      .parsed("--budget", accepted: "a time such as 60s or 10m", Units.seconds)
  }

  /// What runs where no suite is named.
  static let defaultSuite = "quick"

  /// The most workers that any entry asks for.
  var mostWorkers: Int { plan.groups.flatMap { $0.entries.map(\.workers) }.max() ?? 1 }

  static func accuracy(_ arguments: Arguments) throws(UsageError) -> AccuracyClass {
    try arguments.parsed("--accuracy", accepted: "exact or fast") {
      AccuracyClass(rawValue: $0)
    } ?? .exact
  }

  static func seed(_ arguments: Arguments) throws(UsageError) -> UInt64 {
    try arguments.parsed("--seed", accepted: "a whole number from 0") { UInt64($0) } ?? 1
  }

  static func partition(_ arguments: Arguments) throws(UsageError) -> Partition {
    let accepted = Partition.allCases.map(\.rawValue).joined(separator: " or ")
    return try arguments.parsed("--partition", accepted: accepted) {
      Partition(rawValue: $0)
    } ?? .fixed
  }

  static func planOptions(_ arguments: Arguments) throws(UsageError) -> PlanOptions {
    var options = PlanOptions(kernels: arguments.list("--kernels"))
    for text in arguments.all("--peer") { options.addedKernels.append(try peer(text).name) }
    for word in arguments.list("--workers") {
      guard let count = Int(word), count >= 1 else {
        throw .invalidValue(option: "--workers", value: word, accepted: "whole numbers from 1")
      }
      options.workers.append(count)
    }
    for word in arguments.list("--cache") {
      guard let state = CacheState(rawValue: word) else {
        throw .invalidValue(
          option: "--cache", value: word,
          accepted: CacheState.allCases.map(\.rawValue).joined(separator: ", "))
      }
      options.caches.append(state)
    }
    if let pattern = arguments.value("--only") {
      guard (try? Regex(pattern)) != nil else {
        throw .invalidValue(
          option: "--only", value: pattern, accepted: "a regular expression")
      }
      options.only = (
        pattern,
        { name in ((try? Regex(pattern).firstMatch(in: name)) ?? nil) != nil }
      )
    }
    return options
  }

  static func instructionSets(
    _ arguments: Arguments
  ) throws(UsageError) -> [InstructionSet] {
    let words = arguments.list("--isa")
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

  private static func externals(
    _ arguments: Arguments, suites: [Suite]
  ) throws(UsageError) -> [String: [String]] {
    var commands: [String: [String]] = [:]
    for contender in suites.flatMap(\.externalContenders) {
      commands[contender.name] = ProjectFolder.resolving(contender.exec)
    }
    for text in arguments.all("--peer") {
      let peer = try peer(text)
      commands[peer.name] = peer.command
    }
    return commands
  }

  private static func peer(_ text: String) throws(UsageError) -> (name: String, command: [String]) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw .invalidValue(
        option: "--peer", value: text, accepted: "NAME=COMMAND, as ort=python3 peers/ort.py")
    }
    return (parts[0], parts[1].split(separator: " ").map(String.init))
  }
}
