// SPDX-License-Identifier: Apache-2.0

import Comparing
import Convolution
import Foundation
import Gating
import Measuring
import Planning
import Statistics
import Suites

/// Two builds on a made-up machine: what their processes have by chance, and a clock of its own.
///
/// The gate around them is the real one.
final class SimulatedMachine {
  /// What the machine is like.
  struct Character: Sendable, CustomStringConvertible {
    /// Standard deviation of a session's log ratio in one case.
    var sd = 0.02
    /// Correlation of a process's chances with those of the one before.
    var correlation = 0.0
    /// Share of their variance that all cases of a process have in common.
    var common = 0.0
    /// Whether a process is in one of two modes, in three of ten in the slower one.
    var hasModes = false
    /// By how much the machine slows down over a minute, for both builds alike.
    var drift = 0.0
    /// Standard deviation of a visit.
    var visit = 0.01

    var description: String {
      "sd \(sd), correlation \(correlation), common \(common)\(hasModes ? ", two modes" : "")"
        + (drift == 0 ? "" : ", drift \(drift)")
    }
  }

  /// What a gate came to.
  struct Result {
    var cases: [GateCase]
    var overall: GateOverall?
    var seconds: Double

    func isSlower(_ place: Int) -> Bool { cases[place].verdict == "slower" }

    /// Whether anything is called different.
    var hasClaim: Bool {
      Self.isClaim(cases.compactMap(\.verdict) + [overall?.verdict].compactMap(\.self))
    }

    /// The same of the first stage alone.
    var hasSuspect: Bool {
      Self.isClaim(
        cases.compactMap(\.screening?.verdict) + [overall?.screening.verdict].compactMap(\.self))
    }

    private static func isClaim(_ verdicts: [String]) -> Bool {
      !Set(verdicts).isDisjoint(with: ["slower", "faster"])
    }
  }

  static let count = 12
  /// Fewer and longer than a real gate's, which costs less here and is the same to the gate.
  static let rounds = 4

  private let character: Character
  private let slowdowns: [Double]
  private var generator: SplitMix64
  private var spare: Double?
  private var chances: [GateSide: [Double]] = [:]
  private(set) var seconds = 0.0

  /// - Parameters:
  ///   - character: The machine's.
  ///   - slowdowns: By how much each case takes longer in the new build.
  ///   - seed: Of all chances.
  init(_ character: Character, slowdowns: [Double] = [], seed: UInt64) {
    self.character = character
    self.slowdowns = slowdowns
    generator = SplitMix64(seed: seed)
    for side in GateSide.allCases {
      chances[side] = (0...Self.count).map { _ in normal() }
    }
  }

  /// The whole gate, of `count` cases or fewer.
  static func gate(
    _ character: Character, slowdowns: [Double] = [], cases: Int = count, seed: UInt64
  ) throws -> Result {
    let machine = SimulatedMachine(character, slowdowns: slowdowns, seed: seed)
    let policy = GatePolicy(noiseFloor: 0.0064, noiseFloorSource: "made up")
    let gate = GateRun(
      entries: Array(try entries().prefix(cases)), judge: GateJudge(policy),
      options: GateOptions(rounds: rounds),
      launch: { (side: GateSide) throws(SubjectFailure) in machine.launch(side) },
      seconds: { machine.seconds })
    let judged = gate.run()
    return Result(cases: judged, overall: gate.overall, seconds: machine.seconds)
  }

  private static func entries() throws -> [SuiteEntry] {
    try GateRunTests.entries((0..<count).map { String($0) })
  }

  /// A process of one of the builds, with its own chances.
  private func launch(_ side: GateSide) -> any BuildProcess {
    seconds += 0.04
    let own = character.correlation
    let before = chances[side] ?? []
    let now = before.map { own * $0 + (1 - own * own).squareRoot() * normal() }
    chances[side] = now
    return Process(
      machine: self,
      factors: (0..<Self.count).map { place in
        exp(chance(now, place)) * (side == .new ? 1 + (slowdowns.dropFirst(place).first ?? 0) : 1)
      })
  }

  /// The logarithm of what a process has by chance in a case; both builds together have `sd`.
  private func chance(_ chances: [Double], _ place: Int) -> Double {
    let share = character.common
    let value =
      share.squareRoot() * chances[Self.count] + (1 - share).squareRoot() * chances[place]
    guard character.hasModes else { return character.sd / 2.0.squareRoot() * value }
    // The upper three tenths of a normal value are one mode; its variance is 0.21 of the square.
    return value > 0.524_400_512_708_041 ? character.sd / 0.42.squareRoot() : 0
  }

  /// A visit's time, per iteration.
  fileprivate func visit(_ factor: Double, _ iterations: Int) -> Double {
    seconds += 0.0001 + 0.0014 * min(1, Double(iterations) / 10)
    return 50_000 * factor * exp(character.visit * normal())
      * exp(character.drift * seconds / 60)
  }

  private func uniform() -> Double { (Double(generator.next() >> 11) + 0.5) * 0x1p-53 }

  private func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }
}

extension SimulatedMachine {
  private final class Process: BuildProcess {
    private let machine: SimulatedMachine
    private let factors: [Double]

    init(machine: SimulatedMachine, factors: [Double]) {
      self.machine = machine
      self.factors = factors
    }

    var takesEntries: Bool { true }

    func prepare(
      _ entry: PlanEntry, asData: Bool, checks: Bool
    ) throws(SubjectFailure) -> (subject: any Visited, implementation: String?) {
      (Case(machine: machine, factor: factors[Int(entry.suiteCase.name) ?? 0]), nil)
    }

    func close() {}
  }

  private final class Case: Visited {
    private let machine: SimulatedMachine
    private let factor: Double

    init(machine: SimulatedMachine, factor: Double) {
      (self.machine, self.factor) = (machine, factor)
    }

    func sample(iterations: Int, warmUp: Int) throws -> Sample {
      Sample(
        nanoseconds: machine.visit(factor, iterations) * Double(iterations), iterations: iterations,
        lost: [LostTime()])
    }
  }
}
