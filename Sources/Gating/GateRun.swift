// SPDX-License-Identifier: Apache-2.0

public import Comparing
internal import Measuring
internal import Statistics

/// Measures two builds against each other in two stages.
///
/// First all cases; those that the rounds do not decide for longer. Then, in fresh processes, the
/// suspects alone. Nothing is written and nothing printed.
public final class GateRun {
  /// Starts a process of a build.
  public typealias Launch = (GateSide) throws(BuildFailure) -> any BuildProcess
  /// Seconds since some fixed point.
  public typealias Seconds = () -> Double

  /// What happens, for showing progress.
  public enum Event: Sendable {
    /// Session `number` of about `count` begins, over so many cases.
    case session(stage: GateRound.Stage, number: Int, count: Int, cases: Int)
  }

  /// The cases.
  public let problems: [GateProblem]
  /// All rounds so far, disturbed ones included.
  public private(set) var rounds: [GateRound] = []

  private let judge: GateJudge
  private let options: GateOptions
  private let launch: Launch
  private let seconds: Seconds
  private let isInterrupted: () -> Bool
  private let events: (Event) -> Void
  private var cases: [GateCase]
  private var iterations: [Int: Int] = [:]
  private var sessions = 0
  private let start: Double

  /// A gate over `problems`.
  /// - Parameters:
  ///   - problems: The cases.
  ///   - skipped: Why a case is not measured, by its index.
  ///   - judge: What counts as slower.
  ///   - options: How much is measured.
  ///   - launch: Starts a process of a build.
  ///   - seconds: The clock of the budget.
  ///   - isInterrupted: Asked between rounds.
  ///   - events: Told what happens.
  public init(
    problems: [GateProblem], skipped: [Int: String] = [:], judge: GateJudge,
    options: GateOptions, launch: @escaping Launch, seconds: @escaping Seconds,
    isInterrupted: @escaping () -> Bool = { false },
    events: @escaping (Event) -> Void = { _ in }
  ) {
    self.problems = problems
    self.judge = judge
    self.options = options
    self.launch = launch
    self.seconds = seconds
    self.isInterrupted = isInterrupted
    self.events = events
    cases = problems.enumerated().map { place, problem in
      GateCase(
        suite: problem.suite, name: problem.name, problem: problem.descriptor,
        workers: problem.workers, status: skipped[place] == nil ? .ok : .skipped,
        reason: skipped[place] ?? "")
    }
    start = seconds()
  }

  /// Runs both stages.
  /// - Returns: the judged cases, in order.
  public func run() -> [GateCase] {
    screen()
    let verdicts = stageVerdicts(.screening)
    let suspects = open.filter { verdicts[$0] == .slower }
    if !suspects.isEmpty {
      measure(
        suspects, stage: .confirmation, sessions: options.sessions, rounds: 2 * options.rounds)
    }
    judgeAll(screening: verdicts, confirmation: stageVerdicts(.confirmation))
    return cases
  }

  private var open: [Int] { cases.indices.filter { cases[$0].status == .ok } }

  private func screen() {
    let began = seconds()
    measure(open, stage: .screening, sessions: options.sessions, rounds: options.rounds)
    let cost = seconds() - began
    for _ in 1..<GateOptions.mostSessionsFactor {
      let verdicts = stageVerdicts(.screening)
      let undecided = open.filter { verdicts[$0] == .inconclusive }
      let share = Double(undecided.count) / Double(max(open.count, 1))
      let left = options.budget * GateOptions.screeningShare - (seconds() - start)
      guard !undecided.isEmpty, cost * share < left, !isInterrupted() else { return }
      measure(
        undecided, stage: .screening, sessions: options.sessions, rounds: options.rounds)
    }
  }

  /// Runs sessions over some cases; the first of all checks results, too.
  private func measure(
    _ places: [Int], stage: GateRound.Stage, sessions count: Int, rounds: Int
  ) {
    var rounds = rounds
    let began = seconds()
    for number in 0..<count where !isInterrupted() {
      let wanted = places.filter { cases[$0].status == .ok }
      guard !wanted.isEmpty else { return }
      events(.session(stage: stage, number: number, count: count, cases: wanted.count))
      let session = GateSession(
        number: sessions, stage: stage, problems: problems, wanted: wanted, rounds: rounds,
        launch: launch, isInterrupted: isInterrupted)
      take(session.run(iterations: &iterations, checks: sessions == 0))
      sessions += 1
      rounds = affordable(rounds, sessionsLeft: count - number - 1, since: began, done: number + 1)
    }
  }

  /// Rounds per session that the budget still allows: sessions matter more than their length.
  private func affordable(_ rounds: Int, sessionsLeft: Int, since began: Double, done: Int) -> Int {
    let left = options.budget - (seconds() - start)
    let cost = (seconds() - began) / Double(done) * Double(sessionsLeft)
    guard sessionsLeft > 0, cost > left else { return rounds }
    return max(GateOptions.leastRounds, Int(Double(rounds) * max(left, 0) / cost))
  }

  private func take(_ outcome: GateSession.Outcome) {
    rounds += GateRun.marked(outcome.rounds)
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
      cases[place].reason = "\(failed.side.rawValue) build: \(failed.failure.reason)"
    }
  }

  /// Leaves disturbed rounds out of their session, as long as half of its rounds are calm.
  static func marked(_ rounds: [GateRound]) -> [GateRound] {
    let byCase = Dictionary(grouping: rounds, by: \.problem)
    return rounds.map { round in
      let own = byCase[round.problem] ?? []
      let calm = own.count { $0.causes.isEmpty }
      var round = round
      round.counts = round.causes.isEmpty || 2 * calm < own.count
      return round
    }
  }
}

extension GateRun {
  /// The values of a case's sessions in a stage.
  private func values(_ place: Int, _ stage: GateRound.Stage) -> [Double] {
    let own = rounds.filter { $0.problem == place && $0.stage == stage && $0.counts }
    return Dictionary(grouping: own, by: \.session).sorted { $0.key < $1.key }
      .compactMap { GateJudge.session($0.value.map(\.logSpeedup)) }
  }

  private func stageVerdicts(_ stage: GateRound.Stage) -> [Verdict?] {
    judge.verdicts(
      cases.indices.map { cases[$0].status == .ok ? values($0, stage) : [] })
  }

  private func judgeAll(screening: [Verdict?], confirmation: [Verdict?]) {
    for place in open {
      guard let first = screening[place] else {
        cases[place].reason = "stopped before it was measured"
        continue
      }
      cases[place].screening = stage(.screening, place, first, family: screening)
      cases[place].confirmation = confirmation[place].map {
        stage(.confirmation, place, $0, family: confirmation)
      }
      let verdict = GateJudge.final(screening: first, confirmation: confirmation[place])
      cases[place].verdict = verdict.rawValue
      if first == .slower, verdict != .slower {
        cases[place].reason = GateCase.unconfirmed
      }
      let own = rounds.filter { $0.problem == place && $0.counts }
      cases[place].baseNanoseconds = median(of: own.map(\.baseNanoseconds))
      cases[place].newNanoseconds = median(of: own.map(\.newNanoseconds))
      cases[place].detectableSlowdown = judge.speedup(
        values(place, .screening), family: screening.count { $0 != nil }
      ).detectableEffect(margin: judge.policy.margin)
    }
  }

  private func stage(
    _ stage: GateRound.Stage, _ place: Int, _ verdict: Verdict, family: [Verdict?]
  ) -> GateCase.Stage {
    let own = rounds.filter { $0.problem == place && $0.stage == stage }
    return GateCase.Stage(
      judge.speedup(values(place, stage), family: family.count { $0 != nil }),
      verdict: verdict, rounds: own.count { $0.counts },
      disturbedRounds: own.count { !$0.causes.isEmpty })
  }
}
