// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Foundation
internal import Gating

/// `convscope bisect`: the commit that slowed cases down.
struct BisectVerb: Verb {
  static let name = "bisect"
  static let operands = "GOOD..BAD [SUITE…]"
  static let summary = "Find the commit that made cases slower, by gates between builds."
  static let discussion = """
    GOOD is a revision before the slowdown, BAD one behind it. Both are built and gated against each
    other over the suites (\(GateVerb.defaultSuite)); then a build in the middle is gated against GOOD in the cases that
    were slower, and so on. A commit whose machine code is that of its neighbour is not measured. The
    commit that is found is measured against the one before it. Exit code 4 where it cannot be told.
    Worktrees that were made for it are removed.
    """
  static let options = GateSettings.all.filter { option in
    ![
      "--against", "--baseline", "--inconclusive", "--slow-down", "--skip-unchanged", "--output",
    ].contains(option.name)
  }

  private let settings: GateSettings
  private let range: CommitRange
  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    guard let word = arguments.operands.first else {
      throw UsageError.missingOperand("a range of commits, GOOD..BAD")
    }
    settings = try GateSettings(arguments)
    range = try CommitRange(word)
    self.arguments = arguments
  }

  /// What `simulate` is to plan, whatever the cases.
  private func words(_ suites: [String]) -> [String] {
    arguments.options(GatePlan.options.filter { $0.name != "--only" })
      + Arguments.words(operands: suites.isEmpty ? [GateVerb.defaultSuite] : suites)
  }

  func run() throws -> ExitCode {
    let interruption = Interruption.stopsPolitely()
    try Preflight.checkFiles()
    let suites = Array(arguments.operands.dropFirst())
    let plan = try GatePlan(arguments, suites: suites)
    defer { withExtendedLifetime(plan) {} }
    let known = RevisionBuild.kept()
    defer { RevisionBuild.remove(RevisionBuild.kept().subtracting(known)) }
    var search = CommitSearch(
      range: range, settings: settings, entries: plan.entries, interruption: interruption,
      isSilent: arguments.has("--no-progress"))
    guard try search.start() else {
      Console.error(
        "convscope: \(range.title(range.commits.count - 1)): no case is slower than in "
          + "\(range.title(0)), so there is nothing to find")
      return interruption.isRequested ? .interrupted : .inconclusive
    }
    let outcome = try search.run()
    return interruption.isRequested ? .interrupted : show(outcome, of: search, suites)
  }

  private func show(
    _ outcome: Bisection.Outcome, of search: CommitSearch, _ suites: [String]
  ) -> ExitCode {
    switch outcome {
    case .found(let place):
      Console.out("slower since \(range.title(place))")
      for line in search.evidence + search.functions(place) { Console.out("  \(line)") }
      for line in search.counts(place, planning: words(suites)) { Console.out("  \(line)") }
      return .success
    case .unknown(let fast, let slow, let reason):
      Console.out("cannot say: between \(range.title(fast)) and \(range.title(slow)): \(reason)")
      return .inconclusive
    }
  }
}
