// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statistics
import Testing

@testable import Comparing

@Suite("Two stored runs")
struct RunComparisonTests {
  private func compare(
    _ first: RunFixture, _ second: RunFixture, threshold: Double = 0.02
  ) throws -> RunComparison {
    try RunComparison(
      StoredRun(first.url), StoredRun(second.url), threshold: threshold, familyWiseError: 0.01)
  }

  /// A run of seven cases, of which the first takes `factor` times as long.
  private func run(
    _ factor: Double = 1, all: Double = 1, floor: Double? = nil, processes: Int? = 15
  ) throws -> RunFixture {
    try RunFixture(
      floorBetweenRuns: floor, processes: processes,
      cases: ["a", "b", "c", "d", "e", "f", "g"].enumerated().map { place, name in
        .init(
          name: name,
          times: RunFixture.times(
            100 * all * (place == 0 ? factor : 1 + 0.0002 * Double(place))))
      })
  }

  @Test(
    "A case is slower, faster or the same as its times say",
    arguments: [(1.1, Verdict.slower), (0.9, .faster), (1.0, .same)])
  func verdicts(factor: Double, expected: Verdict) throws {
    let comparison = try compare(run(), run(factor))
    #expect(comparison.rows.map(\.verdict) == [expected] + (0..<6).map { _ in .same })
    #expect(abs(comparison.rows[0].speedup.ratio * factor - 1) < 0.01)
    let mean = try #require(comparison.geometricMeans.first)
    #expect(mean.suite == "quick" && mean.cases == 7)
    #expect(abs(mean.speedup * pow(factor, 1.0 / 7) - 1) < 0.01)
    #expect(comparison.differences.isEmpty && comparison.refusal == nil)
  }

  @Test("A difference inside the noise floor is no claim")
  func belowFloor() throws {
    #expect(try compare(run(), run(1.05)).rows[0].verdict == .slower)
    #expect(try compare(run(floor: 0.08), run(1.05)).rows[0].verdict == .inconclusive)
  }

  @Test("What moves all cases alike is no claim, and not the same either; half as long again is")
  func common() throws {
    let moved = try compare(run(), run(all: 1.05))
    #expect(moved.rows.allSatisfy { $0.verdict == .inconclusive })
    #expect(abs(moved.commonRatio * 1.05 - 1) < 0.01)
    #expect(try compare(run(), run(all: 1.5)).rows.allSatisfy { $0.verdict == .slower })
  }

  @Test("Runs of few processes are refused, with what to run", arguments: [nil, 1, 5])
  func fewProcesses(processes: Int?) throws {
    let comparison = try compare(run(), run(2, processes: processes))
    #expect(comparison.rows.allSatisfy { $0.verdict == .inconclusive && $0.speedup.lower == nil })
    let refusal = try #require(comparison.refusal)
    #expect(refusal.contains("--processes 15"))
    #expect(refusal.contains(processes == 5 ? "(5 processes)" : "(one process)"))
  }

  @Test("Too few rounds decide nothing")
  func fewRounds() throws {
    let first = try RunFixture(cases: [.init(name: "a", times: [100, 101, 102])])
    let second = try RunFixture(cases: [.init(name: "a", times: [200, 201, 202])])
    let comparison = try compare(first, second)
    #expect(comparison.rows[0].verdict == .inconclusive)
    #expect(comparison.rows[0].speedup.detectableEffect(margin: 0.02) == nil)
  }

  @Test("Cases of one side only, and those not timed, are listed with the reason")
  func unmatched() throws {
    let times = RunFixture.times(100)
    let first = try RunFixture(cases: [
      .init(name: "a", times: times), .init(name: "gone", times: times),
      .init(name: "b", times: [], status: "wrong"),
    ])
    let second = try RunFixture(cases: [
      .init(name: "a", times: times), .init(name: "b", times: times),
      .init(name: "a", times: times, kernel: "other"),
    ])
    let comparison = try compare(first, second)
    #expect(comparison.rows.map(\.first.key.name) == ["a"])
    #expect(comparison.unmatched.count == 3)
    #expect(comparison.unmatched[0].contains("· b ·"))
    #expect(comparison.unmatched[0].contains("wrong in"))
    #expect(comparison.unmatched[1].contains("· gone ·"))
    #expect(comparison.unmatched[2].contains("· other ·"))
  }

  @Test("Without a common case there is nothing to compare")
  func nothingInCommon() throws {
    let first = try RunFixture(cases: [.init(name: "a", times: [1])])
    let second = try RunFixture(cases: [.init(name: "b", times: [1])])
    #expect(throws: ComparingError.self) { try compare(first, second) }
  }

  @Test("Another machine shows in the differences, another load does not")
  func otherMachine() throws {
    let times = RunFixture.times(100)
    let first = try RunFixture(load: 0.1, cases: [.init(name: "a", times: times)])
    let second = try RunFixture(
      cpu: "Xeon", load: 7, cases: [.init(name: "a", times: times)])
    let differences = try compare(first, second).differences
    #expect(differences.map(\.key) == ["cpuModel", "machine"])
    #expect(differences.allSatisfy { $0.isOfMachine })
    #expect(differences[0].text == "cpuModel: EPYC → Xeon")
    let revision = EnvironmentDifference(key: "revision", first: "a", second: nil)
    #expect(!revision.isOfMachine)
    #expect(revision.text == "revision: a → not known")
  }
}
