// SPDX-License-Identifier: Apache-2.0

import ExternalPeers
import Gating
import Statistics

/// A build whose times are made up: no process, no clock.
final class FakeBuild: BuildProcess {
  /// What a build is like, for all its processes.
  struct Character {
    /// Factor on every time of a case, by its name.
    var factors: [String: Double] = [:]
    /// Spread of a process's own constant factor.
    var processSpread = 0.003
    /// Spread of each round.
    var roundSpread = 0.02
    /// What a case answers instead of being prepared.
    var failures: [String: BuildFailure] = [:]
    /// What is wrong with a case's output.
    var faults: [String: String] = [:]
    /// Share of the visits in which a worker is interrupted for half of the time.
    var interruptedShare = 0.0
    /// From this process on, the factors hold; before, all are 1.
    var factorsFromProcess = 0
    /// Until this process, exclusive, the factors hold.
    var factorsUntilProcess = Int.max
    /// The visit, from 1, before which the processes `endsOfProcesses` end; 0 before anything.
    var endsAtVisit = Int.max
    var endsOfProcesses: Set<Int> = []
  }

  private let character: Character
  private var noise: SplitMix64
  private var own: [String: Double] = [:]
  private let isChanged: Bool
  private(set) var isClosed = false
  private var visitsLeft = Int.max
  /// What was asked of each case, in order.
  var onVisit: (GateProblem, GateVisit) -> Void = { _, _ in }

  init(_ character: Character, process: Int, seed: UInt64) {
    self.character = character
    noise = SplitMix64(seed: seed)
    if character.endsOfProcesses.contains(process) { visitsLeft = character.endsAtVisit - 1 }
    isChanged =
      process >= character.factorsFromProcess && process < character.factorsUntilProcess
  }

  func prepare(_ problem: GateProblem) throws(BuildFailure) -> String? {
    guard visitsLeft >= 0 else { throw Self.killed }
    if let failure = character.failures[problem.name] { throw failure }
    own[problem.name] = 1 + character.processSpread * centered()
    return "fake"
  }

  func fault(_ problem: GateProblem) throws(BuildFailure) -> String? {
    character.faults[problem.name]
  }

  private static let killed = BuildFailure.ended("killed by signal 9 (SIGKILL)")

  /// Whether this build knows of the warm-up.
  var warmsUp: Bool? = true

  func time(_ problem: GateProblem, _ visit: GateVisit) throws(BuildFailure) -> ServedRun {
    onVisit(problem, visit)
    guard visitsLeft > 0 else { throw Self.killed }
    visitsLeft -= 1
    let factor = isChanged ? character.factors[problem.name] ?? 1 : 1
    let isInterrupted = Double(noise.index(below: 1000)) < 1000 * character.interruptedShare
    let time =
      50_000 * factor * (own[problem.name] ?? 1) * (1 + character.roundSpread * centered())
      * Double(visit.iterations)
    return ServedRun(
      nanoseconds: isInterrupted ? 2 * time : time,
      waitedNanoseconds: isInterrupted ? time : 0, contextSwitches: isInterrupted ? 1 : 0)
  }

  func close() { isClosed = true }

  /// Roughly normal with deviation 1: the sum of twelve uniform numbers.
  private func centered() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(noise.index(below: 1 << 20)) / Double(1 << 20) }
  }
}
