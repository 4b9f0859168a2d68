// SPDX-License-Identifier: Apache-2.0

import Gating
import Measuring
import Planning
import Statistics
import Suites

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
    var failures: [String: SubjectFailure] = [:]
    /// What is wrong with a case's output.
    var faults: [String: String] = [:]
    /// Share of the visits in which a worker is interrupted for half of the time.
    var interruptedShare = 0.0
    /// Whether the factors hold in the first stage only; then all are 1.
    var isScreeningOnly = false
    /// The visit, from 1, before which the processes `endsOfProcesses` end; 0 before anything.
    var endsAtVisit = Int.max
    var endsOfProcesses: Set<Int> = []
  }

  private let character: Character
  private var noise: SplitMix64
  private let isChanged: Bool
  private(set) var isClosed = false
  private var visitsLeft = Int.max
  /// How the cases were prepared.
  private(set) var wasGivenData: [Bool] = []
  /// Whether this build takes entries of a plan.
  var takesEntries = true

  init(_ character: Character, process: Int, seed: UInt64, stage: GateStage = .screening) {
    self.character = character
    noise = SplitMix64(seed: seed)
    if character.endsOfProcesses.contains(process) { visitsLeft = character.endsAtVisit - 1 }
    isChanged = stage == .screening || !character.isScreeningOnly
  }

  func prepare(
    _ entry: PlanEntry, asData: Bool, checks: Bool
  ) throws(SubjectFailure) -> (subject: any Visited, implementation: String?) {
    let name = entry.suiteCase.name
    guard visitsLeft >= 0 else { throw Self.killed }
    if let failure = character.failures[name] { throw failure }
    if checks, let fault = character.faults[name] { throw .wrong(fault) }
    wasGivenData.append(asData)
    return (Case(build: self, name: name, own: 1 + character.processSpread * centered()), "fake")
  }

  /// A case in this process.
  private final class Case: Visited {
    let build: FakeBuild
    let name: String
    let own: Double

    init(build: FakeBuild, name: String, own: Double) {
      (self.build, self.name, self.own) = (build, name, own)
    }

    func sample(iterations: Int, warmUp: Int) throws -> Sample {
      try build.time(name, own, iterations)
    }
  }

  private static let killed = SubjectFailure.ended("killed by signal 9 (SIGKILL)")

  private func time(_ name: String, _ own: Double, _ iterations: Int) throws -> Sample {
    guard visitsLeft > 0 else { throw Self.killed }
    visitsLeft -= 1
    let factor = isChanged ? character.factors[name] ?? 1 : 1
    let isInterrupted = Double(noise.index(below: 1000)) < 1000 * character.interruptedShare
    let time =
      50_000 * factor * own * (1 + character.roundSpread * centered()) * Double(iterations)
    return Sample(
      nanoseconds: isInterrupted ? 2 * time : time, iterations: iterations,
      lost: [LostTime(nanoseconds: isInterrupted ? time : 0, switches: isInterrupted ? 1 : 0)])
  }

  func close() { isClosed = true }

  /// Roughly normal with deviation 1: the sum of twelve uniform numbers.
  private func centered() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double(noise.index(below: 1 << 20)) / Double(1 << 20) }
  }
}
