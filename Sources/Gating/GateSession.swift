// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// A fresh process of each build, and alternating rounds over some cases.
struct GateSession {
  let number: Int
  let stage: GateStage
  let entries: [SuiteEntry]
  /// Indices of the cases that are measured.
  let wanted: [Int]
  let rounds: Int
  let launch: GateRun.Launch
  let isInterrupted: () -> Bool
  /// Whether the session's share of the budget is spent; a few rounds are measured all the same.
  var isSpent: () -> Bool = { false }
  /// Told of each round as soon as it is measured.
  var note: (GateRound) -> Void = { _ in }

  /// Each disturbed round is measured again, but not for ever.
  static let mostRepeats = 0.5

  /// Runs the session.
  /// - Parameters:
  ///   - visits: Visits of each case, as the first session has found them.
  ///   - checks: Whether outputs are compared with the reference first.
  /// - Returns: rounds, and what went wrong.
  func run(visits: inout [Int: GroupVisits], checks: Bool) -> SessionOutcome {
    var outcome = SessionOutcome()
    var processes: [GateSide: any BuildProcess] = [:]
    defer { for process in processes.values { process.close() } }
    // Which build starts first changes, so that neither always has the older memory.
    let order = number % 2 == 0 ? GateSide.allCases : GateSide.allCases.reversed()
    for side in order { processes[side] = start(side, &outcome) }
    guard let base = processes[.base], let new = processes[.new] else { return outcome }
    let pair = ProcessPair(base: base, new: new)
    outcome.takesEntries = pair.takesEntries
    var subjects: [Int: [GateSide: any Visited]] = [:]
    for side in order {
      for place in wanted where outcome.mayTry(place) && !isInterrupted() {
        subjects[place, default: [:]][side] = prepare(place, side, pair, checks: checks, &outcome)
      }
    }
    var rounds: [Int: Rounds] = [:]
    for place in wanted where outcome.isOpen(place) && !isInterrupted() {
      guard let base = subjects[place]?[.base], let new = subjects[place]?[.new] else { continue }
      rounds[place] = calibrated(place, [base, new], &visits, &outcome)
    }
    measure(&rounds, &outcome)
    return outcome
  }

  /// Starts a build; nil where it cannot be.
  ///
  /// The other one is started all the same: what neither build can is no fault of theirs.
  private func start(_ side: GateSide, _ outcome: inout SessionOutcome) -> (any BuildProcess)? {
    do throws(SubjectFailure) {
      return try launch(side)
    } catch {
      for place in wanted { outcome.note(error, place, side) }
      return nil
    }
  }

  private func prepare(
    _ place: Int, _ side: GateSide, _ pair: ProcessPair, checks: Bool,
    _ outcome: inout SessionOutcome
  ) -> (any Visited)? {
    do throws(SubjectFailure) {
      let prepared = try pair[side].prepare(
        entries[place].entry, asData: pair.takesEntries, checks: checks)
      outcome.implementations[place, default: [:]][side] = prepared.implementation
      return prepared.subject
    } catch {
      outcome.note(error, place, side)
      return nil
    }
  }

  /// The rounds of a case, their visits as long as the first session has found.
  private func calibrated(
    _ place: Int, _ subjects: [any Visited], _ visits: inout [Int: GroupVisits],
    _ outcome: inout SessionOutcome
  ) -> Rounds {
    var rounds = Rounds(
      subjects, visits: visits[place], least: GateOptions.visitNanoseconds,
      isInterrupted: isInterrupted)
    rounds.calibrate()
    rounds.equalize()
    outcome.note(rounds, place)
    if !isInterrupted(), outcome.isOpen(place) { visits[place] = rounds.visits }
    return rounds
  }

  private func measure(_ all: inout [Int: Rounds], _ outcome: inout SessionOutcome) {
    // Each case has an order of its own, so that either build comes first in half of its rounds.
    var orders = entries.indices.map { place in
      BalancedOrder(
        count: GateSide.allCases.count,
        seed: UInt64(clamping: number) &* 0x9E37 &+ UInt64(clamping: place) &+ 1)
    }
    var repeatsLeft = entries.map { _ in
      Int(clamping: Double(rounds) * Self.mostRepeats, to: 0...rounds)
    }
    for done in 0..<rounds {
      if done >= GateOptions.leastRounds, done % 2 == 0, isSpent() { return }
      for place in wanted where outcome.isOpen(place) {
        let order = orders[place].next() ?? [0, 1]
        while let round = round(place, order, &all[place], &outcome) {
          outcome.rounds.append(round)
          note(round)
          if round.counts { break }
          repeatsLeft[place] -= 1
          if repeatsLeft[place] < 0 { break }
        }
        if isInterrupted() { return }
      }
    }
  }

  /// One round of a case; nil where one of the builds dropped out, or somebody asked to stop.
  private func round(
    _ place: Int, _ order: [Int], _ own: inout Rounds?, _ outcome: inout SessionOutcome
  ) -> GateRound? {
    guard own?.round(order) == true, let own else { return nil }
    outcome.note(own, place)
    guard outcome.isOpen(place), let base = own.samples[0].last, let new = own.samples[1].last,
      base > 0, new > 0
    else { return nil }
    return GateRound(
      problem: place, stage: stage, session: number, round: own.samples[0].count - 1,
      first: GateSide.allCases[order[0]], iterations: own.visits?.iterations[0] ?? 1,
      warmUp: entries[place].entry.cache == .warm ? own.visits?.warmUp.iterations ?? 0 : 0,
      baseNanoseconds: base, newNanoseconds: new,
      causes: own.lastCauses)
  }
}
