// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Statistics
import Testing

/// How often whole gates are wrong and right, on made-up machines: the real gate over processes whose
/// chances are drawn from seeds.
///
/// `CONVSCOPE_SIMULATED_GATES` asks for another number of gates for each row; what many of them showed
/// stands in `docs/lab/`.
@Suite("Simulated gates")
struct GateSimulationTests {
  typealias Character = SimulatedMachine.Character

  static let gates =
    ProcessInfo.processInfo.environment["CONVSCOPE_SIMULATED_GATES"].flatMap { Int($0) } ?? 40

  static func count(
    _ character: Character, slowdowns: [Double] = [], gates: Int = gates, seed: UInt64,
    where isMeant: (SimulatedMachine.Result) -> Bool
  ) throws -> Int {
    try (0..<gates).count { number in
      isMeant(
        try SimulatedMachine.gate(
          character, slowdowns: slowdowns, seed: seed &* 1_000_003 &+ UInt64(number)))
    }
  }

  static let machines: [Character] = [
    Character(sd: 0.01), Character(sd: 0.02), Character(sd: 0.03), Character(sd: 0.04),
    Character(sd: 0.03, correlation: 0.3), Character(sd: 0.03, correlation: 0.5),
    Character(sd: 0.03, common: 0.5), Character(sd: 0.04, correlation: 0.3, common: 0.9),
    Character(sd: 0.03, drift: 0.3), Character(sd: 0.03, hasModes: true),
    Character(sd: 0.04, correlation: 0.3, common: 0.5, hasModes: true),
  ]

  @Test(
    "A build against itself is called different in at most one of a hundred gates",
    arguments: machines)
  func falseClaims(machine: Character) throws {
    var suspects = 0
    let claims = try Self.count(machine, seed: 1) { result in
      suspects += result.hasSuspect ? 1 : 0
      return result.hasClaim
    }
    report("\(machine)", "suspects \(suspects), claims \(claims)")
    #expect(claims <= Self.gates / 100, "\(machine)")
  }

  @Test("3 % in one of twelve cases are found", arguments: [0.01, 0.02, 0.03])
  func oneCase(sd: Double) throws {
    for correlation in [0, 0.3] {
      let machine = Character(sd: sd, correlation: correlation)
      let found = try Self.count(machine, slowdowns: [0, 0, 0, 0.03], seed: 2) { $0.isSlower(3) }
      report("\(machine)", "3 % in one case: \(found)")
      if sd <= 0.02 { #expect(Double(found) >= 0.97 * Double(Self.gates), "\(machine)") }
    }
  }

  @Test(
    "A slowdown of all cases is found that none of them could show",
    arguments: [(0.015, 0.9), (0.01, 0.5)])
  func everywhere(slowdown: Double, share: Double) throws {
    let all = [Double](repeating: slowdown, count: SimulatedMachine.count)
    for machine in [
      Character(sd: 0.01), Character(sd: 0.02), Character(sd: 0.02, common: 0.3),
      Character(sd: 0.03),
    ] {
      let found = try Self.count(machine, slowdowns: all, seed: 3) {
        $0.overall?.verdict == "slower"
      }
      report("\(machine)", "\(slowdown) everywhere: \(found)")
      #expect(Double(found) >= share * Double(Self.gates), "\(machine)")
    }
  }

  @Test("What a gate calls detectable is found in 95 of 100", arguments: [0.01, 0.02, 0.04])
  func detectable(sd: Double) throws {
    // Enough that 95 in 100 is no matter of chance: of 300 with two modes and an sd of 4 %, 287 were found.
    let gates = max(Self.gates, 300)
    for machine in [Character(sd: sd), Character(sd: sd, hasModes: true)] {
      var sizes: [Double] = []
      let found = try (0..<gates).count { number in
        let seed = UInt64(number) &+ 4_000_000
        let size = try SimulatedMachine.gate(machine, seed: seed).cases[5].detectableSlowdown
        let slowdown = try #require(size)
        sizes.append(slowdown)
        return try SimulatedMachine.gate(
          machine, slowdowns: [0, 0, 0, 0, 0, slowdown], seed: seed &+ 1_000_000
        ).isSlower(5)
      }
      report("\(machine)", "detectable \(median(of: sizes)): \(found)")
      #expect(Double(found) >= 0.95 * Double(gates), "\(machine)")
    }
  }

  /// Alone, as `bisect` gates what it looks for: nothing but itself says how its sessions hang together.
  @Test("One case by itself is judged as a dozen are", arguments: [0.01, 0.02, 0.03])
  func single(sd: Double) throws {
    for correlation in [0, 0.3, 0.5] {
      let machine = Character(sd: sd, correlation: correlation)
      let counts = try [[], [0.03]].map { slowdowns in
        try (0..<4 * Self.gates).count { number in
          let result = try SimulatedMachine.gate(
            machine, slowdowns: slowdowns, cases: 1, seed: 5_000_000 &+ UInt64(number))
          return slowdowns.isEmpty ? result.hasClaim : result.isSlower(0)
        }
      }
      report("\(machine)", "one case alone, claims \(counts[0]), 3 %: \(counts[1])")
      #expect(counts[0] <= 4 * Self.gates / 100, "\(machine)")
      if sd <= 0.02, correlation <= 0.3 {
        #expect(Double(counts[1]) >= 0.95 * Double(4 * Self.gates), "\(machine)")
      }
    }
  }

  /// For the lab notebook.
  private func report(_ machine: String, _ text: String) {
    print("simulated \(Self.gates) gates, \(machine): \(text)")
  }
}
