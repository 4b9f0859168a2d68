// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Comparing
internal import Convolution
internal import Counters
internal import Foundation
internal import Gating
internal import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// Builds commits and gates them against each other.
struct CommitSearch {
  let range: CommitRange
  let settings: GateSettings
  /// The cases; once it is known which became slower, those.
  private(set) var entries: [SuiteEntry]
  let interruption: Interruption
  let isSilent: Bool
  /// What the last gate showed of the cases that became slower.
  private(set) var evidence: [String] = []

  init(
    range: CommitRange, settings: GateSettings, entries: [SuiteEntry],
    interruption: Interruption, isSilent: Bool
  ) {
    self.range = range
    self.settings = settings
    self.entries = entries
    self.interruption = interruption
    self.isSilent = isSilent
  }

  /// Gates the ends, and keeps the cases that became slower.
  /// - Returns: whether there are any.
  mutating func start() throws -> Bool {
    let cases = try gate(range.commits.count - 1, against: 0)
    let slower = cases.indices.filter { cases[$0].judged == .slower }
    entries = slower.map { entries[$0] }
    take(slower.map { cases[$0] })
    return !slower.isEmpty
  }

  /// Searches between the ends.
  mutating func run() throws -> Bisection.Outcome {
    let last = range.commits.count - 1
    // The closures are called one after the other, and all they change is what is told at the end.
    var told: [GateCase] = []
    let search = self
    let bisection = Bisection(
      count: range.commits.count,
      judge: { place in
        try search.skippingEqualCode(place, fast: 0, slow: last)
          ?? search.judgement(place, against: 0) { told = $0 }
      },
      isSlower: { place, before in try search.judgement(place, against: before) { told = $0 } })
    let outcome = try bisection.run()
    if !told.isEmpty { take(told) }
    return outcome
  }

  /// Names the functions whose code differs from that of the commit before.
  func functions(_ place: Int) -> [String] {
    do {
      let found = try FunctionDifference.functions(
        URL(filePath: program(place - 1)), URL(filePath: program(place)))
      let names = found.prefix(Self.mostFunctions).map { "\($0.module): \($0.symbol)" }
      let more = found.count - names.count
      return ["\(found.count) functions differ in machine code"] + names
        + (more > 0 ? ["and \(more) more"] : [])
    } catch {
      return ["which functions differ is not known: \(error)"]
    }
  }

  /// Names the functions that execute other numbers of instructions in the slower cases than in the
  /// commit before, as Valgrind counts them.
  /// - Parameters:
  ///   - place: The commit.
  ///   - words: What `simulate` is to plan, without the choice of cases.
  /// - Returns: lines for people; also where nothing was counted.
  func counts(_ place: Int, planning words: [String]) -> [String] {
    guard let valgrind = ValgrindTool() else { return ["not counted: \(ValgrindTool.absence)"] }
    let names = Set(entries.map(\.entry.suiteCase.name)).sorted()
      .map { NSRegularExpression.escapedPattern(for: $0) }
    do {
      let counts = try [place - 1, place].map { commit in
        try CountSimulation(
          valgrind: valgrind, program: program(commit),
          .words(["--only=^(\(names.joined(separator: "|")))$"] + words), isSilent: true
        ).run()
      }
      let found = counts[1].changedFunctions(from: counts[0])
      return ["\(found.count) functions execute more or fewer instructions, by Valgrind"]
        + found.prefix(Self.mostFunctions).map {
          "\($0.name): " + String(format: "%.0f, before %.0f", $0.new, $0.base)
        }
    } catch {
      return ["not counted: \(Failure(error).text)"]
    }
  }

  /// More names than this nobody reads.
  private static let mostFunctions = 20

  private mutating func take(_ cases: [GateCase]) {
    evidence = cases.map { one in
      let ratio = one.decisive.map { String(format: "%.3f", $0.timeRatio) } ?? "—"
      return "\(one.suite): \(one.name), new / base \(ratio), \(one.verdict ?? one.status.rawValue)"
    }
  }

  /// The answer for a commit that has one end's machine code for the cases; nil where it must be
  /// measured, or a commit's build says nothing.
  private func skippingEqualCode(_ place: Int, fast: Int, slow: Int) -> Bisection.Judgement? {
    guard let own = try? program(place) else { return .unknown("it cannot be built") }
    for (end, judgement) in [(fast, Bisection.Judgement.fast), (slow, .slow)] {
      guard let other = try? program(end),
        let comparison = try? CodeComparison(URL(filePath: other), URL(filePath: own))
      else { continue }
      let sets = entries.map { $0.entry.contender.instructionSet?.rawValue }
      if sets.allSatisfy(comparison.isUnchanged) {
        Console.error(
          "\(range.title(place)): the machine code of \(range.title(end)) for these cases")
        return judgement
      }
    }
    return nil
  }

  private func judgement(
    _ place: Int, against base: Int, note: ([GateCase]) -> Void
  ) throws -> Bisection.Judgement {
    if interruption.isRequested { return .unknown("stopped") }
    let cases = try gate(place, against: base)
    note(cases)
    if cases.contains(where: { $0.judged == .slower }) { return .slow }
    if cases.allSatisfy({ $0.judged == .same || $0.judged == .faster }) { return .fast }
    let reasons = Set(cases.map { $0.reason.isEmpty ? "undecided" : $0.reason }).sorted()
    return .unknown(reasons.joined(separator: "; "))
  }

  private func gate(_ place: Int, against base: Int) throws -> [GateCase] {
    let programs = (base: try program(base), new: try program(place))
    Console.error("\(range.title(place)) against \(range.title(base))")
    let progress = GateProgress(isSilent: isSilent)
    let gate = BuildGate.run(
      entries, base: programs.base, new: programs.new, settings: settings,
      isInterrupted: { [interruption] in interruption.isRequested }, events: progress.show)
    let cases = gate.run()
    for one in cases {
      Console.error("  \(one.name): \(one.verdict ?? one.reason)")
    }
    return cases
  }

  private func program(_ place: Int) throws -> String {
    try RevisionBuild.program(range.commits[place])
  }
}
