// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Gating
internal import Measuring
internal import Planning
internal import Suites
internal import Workers

/// What a gate measures: the plan that `run` makes of the suites, without what is no part of a build.
struct GatePlan {
  /// The entries, each question once.
  let entries: [SuiteEntry]
  /// Keeps the files of models while they are needed.
  private let options: RunOptions

  /// Plans `suites`, or the one that is taken where none is named, as the arguments say.
  /// - Throws: what planning throws; `PreflightError` where two processes of them do not fit into the
  ///   memory.
  init(_ arguments: Arguments, suites: [String]) throws {
    let names = suites.isEmpty ? [GateVerb.defaultSuite] : suites
    options = try RunOptions(
      Arguments(
        arguments.options(Self.options) + Arguments.words(operands: names),
        accepting: RunOptions.options))
    for note in options.suites.flatMap(\.notes) { Console.error("note: \(note)") }
    entries = Self.entries(options.plan, asked: try arguments.list("--kernels"))
    let available = AvailableCPUs.ids().count
    if options.mostWorkers > available {
      throw WorkerError.notEnoughCPUs(requested: options.mostWorkers, available: available)
    }
    try Preflight.checkMemory(entries.map(\.entry), copies: GateSide.allCases.count)
  }

  /// The options of `run` that change the plan, and that both builds can be told of.
  static let options = RunOptions.options.filter { option in
    ![Runtimes.option.name, "--peer", "--partition"].contains(option.name)
  }

  /// The plan's entries but those of libraries that nobody asked for, which no build changes.
  private static func entries(_ plan: Plan, asked: [String]) -> [SuiteEntry] {
    let globs = asked.map { Glob($0) }
    var seen: Set<ServedEntry> = []
    return plan.entries.filter { one in
      let entry = one.entry
      let isMeant: Bool
      switch entry.contender {
      case .external: isMeant = false
      // Of a pattern that matches many, those that can compute the case.
      case .unsupported(let name, _):
        isMeant = name == KernelSelection.bestPattern || asked.contains(name)
      case .variants, .graph:
        isMeant =
          entry.contender.instructionSet != nil
          || globs.contains { $0.matches(entry.contender.kernel) }
      }
      var question = ServedEntry(entry, seed: 0)
      (question.suiteCase.name, question.suiteCase.axes) = ("", [:])
      (question.suiteCase.partOf, question.suiteCase.multiplicity) = (nil, 1)
      return isMeant && seen.insert(question).inserted
    }
  }
}
