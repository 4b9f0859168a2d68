// SPDX-License-Identifier: Apache-2.0

internal import ExternalPeers
internal import Inputs
internal import Measuring
internal import Statistics

/// A fresh process of each build, and alternating rounds over some cases.
struct GateSession {
  let number: Int
  let stage: GateStage
  let problems: [GateProblem]
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
  func run(visits: inout [Int: GateVisit], checks: Bool) -> SessionOutcome {
    var outcome = SessionOutcome()
    var processes: [GateSide: any BuildProcess] = [:]
    defer { for process in processes.values { process.close() } }
    // Which build starts first changes, so that neither always has the older memory.
    let order = number % 2 == 0 ? GateSide.allCases : GateSide.allCases.reversed()
    for side in order {
      do throws(BuildFailure) {
        processes[side] = try launch(side)
      } catch {
        for place in wanted { outcome.failures[place] = (side, error) }
        return outcome
      }
    }
    guard let base = processes[.base], let new = processes[.new] else { return outcome }
    for side in order {
      prepare(side, side == .base ? base : new, checks: checks, &outcome)
    }
    let pair = ProcessPair(base: base, new: new)
    for place in wanted where outcome.isOpen(place) && visits[place] == nil {
      visits[place] = calibrate(place, pair, &outcome)
    }
    measure(pair, visits, &outcome)
    return outcome
  }

  private func prepare(
    _ side: GateSide, _ process: any BuildProcess, checks: Bool, _ outcome: inout SessionOutcome
  ) {
    for place in wanted where outcome.isOpen(place) {
      do throws(BuildFailure) {
        let implementation = try process.prepare(problems[place])
        outcome.implementations[place, default: [:]][side] = implementation
        if checks, let text = try process.fault(problems[place]) {
          outcome.faults[place] = (side, text)
        }
      } catch {
        outcome.failures[place] = (side, error)
      }
    }
  }

  /// Iterations that make a visit long against the clock and the wake-up of a worker, and how many
  /// go before.
  private func calibrate(
    _ place: Int, _ pair: ProcessPair, _ outcome: inout SessionOutcome
  ) -> GateVisit? {
    var slowest = 0.0
    var warmUps: [WarmUp] = []
    var side = GateSide.base
    do throws(BuildFailure) {
      for next in GateSide.allCases {
        side = next
        let times = try WarmUp.probe { () throws(BuildFailure) -> Double? in
          try pair[next].time(problems[place], GateVisit(iterations: 1, warmUp: nil)).nanoseconds
        }
        slowest = max(slowest, times.last ?? 0)
        warmUps.append(WarmUp(times: times))
      }
      side = .base
      let warmUp = WarmUp(common: warmUps, slowest: slowest)
      return GateVisit(iterations: try iterations(place, pair, slowest, warmUp), warmUp: warmUp)
    } catch {
      outcome.failures[place] = (side, error)
      return nil
    }
  }

  private func iterations(
    _ place: Int, _ pair: ProcessPair, _ rough: Double, _ warmUp: WarmUp
  ) throws(BuildFailure) -> Int {
    let count = Int(clamping: GateOptions.visitNanoseconds / max(rough, 1), to: 1...10_000)
    guard count > WarmUp.least else { return count }
    let visit = GateVisit(iterations: count, warmUp: warmUp)
    let time = try pair.base.time(problems[place], visit).nanoseconds / Double(count)
    return Int(
      clamping: (GateOptions.visitNanoseconds / max(time, 1)).rounded(),
      to: 1...GateOptions.mostIterations)
  }

  private func measure(
    _ pair: ProcessPair, _ visits: [Int: GateVisit], _ outcome: inout SessionOutcome
  ) {
    // Each case has an order of its own, so that either build comes first in half of its rounds.
    var orders = problems.indices.map { place in
      BalancedOrder(
        count: 2, seed: UInt64(clamping: number) &* 0x9E37 &+ UInt64(clamping: place) &+ 1)
    }
    var repeats: [Int: Int] = [:]
    var numbers: [Int: Int] = [:]
    let mostRepeats = Int(clamping: Double(rounds) * Self.mostRepeats, to: 0...rounds)
    for done in 0..<rounds {
      if done >= GateOptions.leastRounds, done % 2 == 0, isSpent() { return }
      for place in wanted where outcome.isOpen(place) {
        if isInterrupted() { return }
        let isBaseFirst = (orders[place].next() ?? [0, 1])[0] == 0
        repeat {
          guard
            let round = round(
              place, pair, first: isBaseFirst ? .base : .new,
              number: numbers[place, default: 0],
              visits[place] ?? GateVisit(iterations: 1, warmUp: WarmUp()), &outcome)
          else { break }
          numbers[place, default: 0] += 1
          outcome.rounds.append(round)
          note(round)
          if round.causes.isEmpty { break }
          repeats[place, default: 0] += 1
        } while repeats[place, default: 0] <= mostRepeats
      }
    }
  }

  private func round(
    _ place: Int, _ pair: ProcessPair, first: GateSide, number: Int, _ visit: GateVisit,
    _ outcome: inout SessionOutcome
  ) -> GateRound? {
    var visit = visit
    visit.isApart = !pair.warmUp
    var times: [GateSide: Double] = [:]
    var causes: Set<Disturbance.Cause> = []
    for side in first == .base ? [GateSide.base, .new] : [.new, .base] {
      do throws(BuildFailure) {
        let run = try pair[side].time(problems[place], visit)
        times[side] = run.nanoseconds / Double(visit.iterations)
        causes.formUnion(run.disturbance.causes)
      } catch {
        outcome.failures[place] = (side, error)
        return nil
      }
    }
    guard let base = times[.base], let new = times[.new], base > 0, new > 0 else { return nil }
    return GateRound(
      problem: place, stage: stage, session: self.number, round: number, first: first,
      iterations: visit.iterations, warmUp: visit.warmUp?.iterations ?? 0, baseNanoseconds: base,
      newNanoseconds: new,
      causes: Disturbance.Cause.allCases.filter(causes.contains))
  }
}
