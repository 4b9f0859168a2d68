// SPDX-License-Identifier: Apache-2.0

internal import ExternalPeers
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

  /// Each disturbed round is measured again, but not for ever.
  static let mostRepeats = 0.5

  /// Runs the session.
  /// - Parameters:
  ///   - iterations: Iterations per visit of each case, found by the first session.
  ///   - checks: Whether outputs are compared with the reference first.
  /// - Returns: rounds, and what went wrong.
  func run(iterations: inout [Int: Int], checks: Bool) -> SessionOutcome {
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
    for place in wanted where outcome.isOpen(place) && iterations[place] == nil {
      iterations[place] = calibrate(place, pair, &outcome)
    }
    measure(pair, iterations: iterations, &outcome)
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

  /// Iterations that make a visit long against the clock and the wake-up of a worker.
  private func calibrate(_ place: Int, _ pair: ProcessPair, _ outcome: inout SessionOutcome) -> Int?
  {
    do throws(BuildFailure) {
      _ = try pair.base.time(problems[place], iterations: 1)
      let rough = try pair.base.time(problems[place], iterations: 3).nanoseconds / 3
      let count = max(1, Int(GateOptions.visitNanoseconds / max(rough, 1)))
      guard count > 3 else { return count }
      let finer = try pair.base.time(problems[place], iterations: min(count, 10_000))
      let time = finer.nanoseconds / Double(min(count, 10_000))
      return max(1, Int((GateOptions.visitNanoseconds / max(time, 1)).rounded()))
    } catch {
      outcome.failures[place] = (.base, error)
      return nil
    }
  }

  private func measure(_ pair: ProcessPair, iterations: [Int: Int], _ outcome: inout SessionOutcome)
  {
    var orders = BalancedOrder(count: 2, seed: UInt64(number) &* 0x9E37 &+ 1)
    var repeats: [Int: Int] = [:]
    var numbers: [Int: Int] = [:]
    let mostRepeats = Int(Double(rounds) * Self.mostRepeats)
    for _ in 0..<rounds {
      for place in wanted where outcome.isOpen(place) {
        if isInterrupted() { return }
        repeat {
          let isBaseFirst = (orders.next() ?? [0, 1])[0] == 0
          guard
            let round = round(
              place, pair, first: isBaseFirst ? .base : .new,
              number: numbers[place, default: 0], iterations: iterations[place] ?? 1, &outcome)
          else { break }
          numbers[place, default: 0] += 1
          outcome.rounds.append(round)
          if round.causes.isEmpty { break }
          repeats[place, default: 0] += 1
        } while repeats[place, default: 0] <= mostRepeats
      }
    }
  }

  private func round(
    _ place: Int, _ pair: ProcessPair, first: GateSide, number: Int, iterations: Int,
    _ outcome: inout SessionOutcome
  ) -> GateRound? {
    var times: [GateSide: Double] = [:]
    var causes: Set<Disturbance.Cause> = []
    for side in first == .base ? [GateSide.base, .new] : [.new, .base] {
      do throws(BuildFailure) {
        let run = try pair[side].time(problems[place], iterations: iterations)
        times[side] = run.nanoseconds / Double(iterations)
        causes.formUnion(run.disturbance.causes)
      } catch {
        outcome.failures[place] = (side, error)
        return nil
      }
    }
    guard let base = times[.base], let new = times[.new], base > 0, new > 0 else { return nil }
    return GateRound(
      problem: place, stage: stage, session: self.number, round: number, first: first,
      iterations: iterations, baseNanoseconds: base, newNanoseconds: new,
      causes: Disturbance.Cause.allCases.filter(causes.contains))
  }
}
