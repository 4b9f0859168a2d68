// SPDX-License-Identifier: Apache-2.0

public import Comparing
internal import Inputs
public import Measuring
public import Planning
internal import Statistics
internal import Suites

/// Measures two builds against each other in two stages.
///
/// First all cases; those that the sessions do not decide for longer. Then, in fresh processes, the
/// suspects alone, just as long. Nothing is written and nothing printed.
public final class GateRun {
  /// Starts a process of a build.
  public typealias Launch = (GateSide) throws(SubjectFailure) -> any BuildProcess
  /// Seconds since some fixed point.
  public typealias Seconds = () -> Double

  /// What is measured, in the order of the cases.
  public let entries: [SuiteEntry]
  /// All rounds so far, disturbed ones included.
  public private(set) var rounds: [GateRound] = []

  /// The sessions that were run again, each with what became of its process.
  public private(set) var repeated: [String] = []

  /// Whether both builds were given entries of a plan; else one of them is too old for them, and only
  /// single convolutions are compared.
  public private(set) var takesEntries = true

  /// What all cases show together; nil where there is one case, or too little was measured.
  public internal(set) var overall: GateOverall?

  let judge: GateJudge
  let floors: NoiseMargins
  var evidence: [GateStage: StageEvidence] = [:]
  private var repeatsLeft = mostRepeats
  private let options: GateOptions
  private let launch: Launch
  private let seconds: Seconds
  private let isInterrupted: () -> Bool
  private let events: (GateEvent) -> Void
  var cases: [GateCase]
  private var visits: [Int: GroupVisits] = [:]
  private var sessions = 0
  private let start: Double

  /// A gate over `entries` of a plan.
  /// - Parameters:
  ///   - entries: The cases.
  ///   - unchanged: Indices of the cases whose machine code is the same in both builds, which are
  ///     not measured; nil where nobody looked.
  ///   - judge: What counts as slower.
  ///   - floors: What identical code differs by, by the length of visits; nil takes the judge's.
  ///   - options: How much is measured.
  ///   - launch: Starts a process of a build.
  ///   - seconds: The clock of the budget.
  ///   - isInterrupted: Asked between rounds.
  ///   - events: Told what happens.
  public init(
    entries: [SuiteEntry], unchanged: Set<Int>? = nil, judge: GateJudge,
    floors: NoiseMargins? = nil, options: GateOptions, launch: @escaping Launch,
    seconds: @escaping Seconds,
    isInterrupted: @escaping () -> Bool = { false },
    events: @escaping (GateEvent) -> Void = { _ in }
  ) {
    self.entries = entries
    self.judge = judge
    self.floors = floors ?? NoiseMargins(usual: judge.policy.noiseFloor)
    self.options = options
    self.launch = launch
    self.seconds = seconds
    self.isInterrupted = isInterrupted
    self.events = events
    cases = entries.enumerated().map { place, entry in
      var one = GateCase(
        suite: entry.suite, name: entry.name, problem: entry.entry.suiteCase.descriptor,
        workers: entry.entry.workers)
      one.note(isUnchanged: unchanged?.contains(place))
      return one
    }
    start = seconds()
  }

  /// Runs both stages.
  /// - Returns: the judged cases, in order.
  public func run() -> [GateCase] {
    let screening = run(.screening, over: open, together: open.count > 1)
    let suspects = open.filter { screening.cases[$0]?.verdict.isClaim == true }
    let isSuspect = screening.overall?.verdict.isClaim == true
    var confirmation = GateJudgement(cases: cases.count)
    if !suspects.isEmpty || isSuspect {
      confirmation = run(
        .confirmation, over: isSuspect ? open : suspects, together: isSuspect, suspects: suspects)
    }
    judgeAll(screening: screening, confirmation: confirmation)
    return cases
  }

  var open: [Int] { cases.indices.filter { cases[$0].status == .ok } }

  /// Runs a stage: all its sessions, then more of what is undecided while there is time.
  /// - Parameters:
  ///   - stage: Which.
  ///   - places: The cases that are measured.
  ///   - together: Whether all of them are judged together, too.
  ///   - suspects: The cases that are judged each by itself; nil for all.
  /// - Returns: what it shows.
  private func run(
    _ stage: GateStage, over places: [Int], together: Bool, suspects: [Int]? = nil
  ) -> GateJudgement {
    var judgement = GateJudgement(cases: cases.count)
    var wanted = places
    var affordable = options.sessions
    for look in 0..<GateJudge.looks where !wanted.isEmpty && affordable > 0 {
      let began = seconds()
      let done = measure(wanted, stage: stage, sessions: affordable)
      judgement = judge(stage, places, suspects ?? places, together: together, look: look)
        .keepingClaims(of: judgement)
      let undecided = undecided(judgement, among: places, suspects: suspects ?? places)
      let cost =
        (seconds() - began) / Double(max(done, 1)) * Double(undecided.count)
        / Double(max(wanted.count, 1))
      let left = end(of: stage) - seconds()
      guard left > cost, !isInterrupted() else { break }
      // As many sessions as there is time for.
      affordable =
        cost > 0 ? Int(clamping: left / cost, to: 0...options.sessions) : options.sessions
      wanted = undecided
    }
    return judgement
  }

  /// The cases that a further look would have to measure.
  private func undecided(
    _ judgement: GateJudgement, among places: [Int], suspects: [Int]
  ) -> [Int] {
    let own = places.filter { cases[$0].status == .ok }
    // What one case has shown is enough; what all show together is then no longer of interest.
    let hasClaim = judgement.cases.contains { $0?.verdict.isClaim == true }
    if judgement.overall?.verdict == .inconclusive, !hasClaim { return own }
    return own.filter {
      suspects.contains($0) && judgement.cases[$0]?.verdict ?? .inconclusive == .inconclusive
    }
  }

  /// Screening leaves time for the second stage.
  private func end(of stage: GateStage) -> Double {
    start + options.budget * (stage == .screening ? GateOptions.screeningShare : 1)
  }

  /// Runs sessions over some cases; the first of all checks results, too.
  /// - Returns: how many were run.
  private func measure(_ places: [Int], stage: GateStage, sessions count: Int) -> Int {
    var rounds = options.rounds
    let began = seconds()
    // The budget ends a stage whatever was asked for; what is undecided then stays so.
    let end = end(of: stage)
    for number in 0..<count {
      let wanted = places.filter { cases[$0].status == .ok }
      guard !isInterrupted(), number == 0 || seconds() < end, !wanted.isEmpty else {
        return number
      }
      events(.session(stage: stage, number: number, count: count, cases: wanted.count))
      let deadline = seconds() + max(0, end - seconds()) / Double(count - number)
      runSession(wanted, stage: stage, rounds: rounds, until: deadline)
      rounds = affordable(
        rounds, sessionsLeft: count - number - 1, since: began, until: end, done: number + 1)
    }
    return count
  }

  /// Runs a session, and once more where one of its processes ended before its time: a process that
  /// something else has killed says nothing about the build, one that crashes does so again.
  private func runSession(
    _ wanted: [Int], stage: GateStage, rounds: Int, until deadline: Double
  ) {
    let checks = sessions == 0
    for isLast in [repeatsLeft == 0, true] {
      var session = GateSession(
        number: sessions, stage: stage, entries: entries, wanted: wanted, rounds: rounds,
        launch: launch, isInterrupted: isInterrupted)
      session.isSpent = { [seconds] in seconds() >= deadline }
      session.note = { [events] in events(.round($0)) }
      var outcome = session.run(visits: &visits, checks: checks)
      sessions += 1
      guard !isLast, !isInterrupted(), let ended = outcome.removeEnded() else {
        take(outcome, in: stage)
        return
      }
      repeatsLeft -= 1
      // The rounds before are rounds like others.
      take(outcome, in: stage)
      let text = "session \(session.number): \(ended)"
      repeated.append(text)
      events(.repeated(text))
    }
  }

  /// More sessions than this are not run again: what ends so often is no accident.
  static let mostRepeats = 3

  /// Rounds per session that the stage's time still allows: sessions matter more than their length.
  private func affordable(
    _ rounds: Int, sessionsLeft: Int, since began: Double, until end: Double, done: Int
  ) -> Int {
    let left = end - seconds()
    let cost = (seconds() - began) / Double(done) * Double(sessionsLeft)
    guard sessionsLeft > 0, cost > left else { return rounds }
    let affordable = Int(
      clamping: Double(rounds) * max(left, 0) / cost,
      to: GateOptions.leastRounds...max(GateOptions.leastRounds, rounds))
    // Of an even number, either build comes first in half.
    return max(GateOptions.leastRounds, affordable / 2 * 2)
  }

  private func take(_ outcome: SessionOutcome, in stage: GateStage) {
    rounds += outcome.rounds
    if !outcome.takesEntries { takesEntries = false }
    if !outcome.rounds.isEmpty { evidence[stage, default: StageEvidence()].add(outcome.rounds) }
    for (place, names) in outcome.implementations {
      cases[place].baseImplementation = names[.base] ?? cases[place].baseImplementation
      cases[place].newImplementation = names[.new] ?? cases[place].newImplementation
    }
    for (place, fault) in outcome.faults {
      // What the other build computes wrongly is no fault of this one, but no yardstick either.
      cases[place].status = fault.side == .new ? .wrong : .skipped
      cases[place].reason = "\(fault.side.rawValue) build: \(fault.text)"
    }
    for (place, failed) in outcome.failures {
      cases[place].status = failed.side == .new ? .failed : .skipped
      cases[place].reason = "\(failed.side.rawValue) build: \(failed.failure)"
    }
  }
}
