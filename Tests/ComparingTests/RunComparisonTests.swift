// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statistics
import Testing

@testable import Comparing

@Suite("Two stored runs")
struct RunComparisonTests {
  private func compare(
    _ first: RunFixture, _ second: RunFixture, floor: Double = 0.01, threshold: Double = 0.02
  ) throws -> RunComparison {
    try RunComparison(
      StoredRun(first.url), StoredRun(second.url), noiseFloor: floor, threshold: threshold,
      familyWiseError: 0.01)
  }

  @Test(
    "A case is slower, faster or the same as its times say",
    arguments: [(1.1, Verdict.slower), (0.9, .faster), (1.0, .same)])
  func verdicts(factor: Double, expected: Verdict) throws {
    let first = try RunFixture(cases: [
      .init(name: "a", times: RunFixture.times(100)), .init(name: "b", times: RunFixture.times(50)),
    ])
    let second = try RunFixture(cases: [
      .init(name: "a", times: RunFixture.times(100 * factor)),
      .init(name: "b", times: RunFixture.times(50)),
    ])
    let comparison = try compare(first, second)
    #expect(comparison.rows.map(\.verdict) == [expected, .same])
    #expect(abs(comparison.rows[0].speedup.ratio * factor - 1) < 0.01)
    let mean = try #require(comparison.geometricMeans.first)
    #expect(mean.suite == "quick" && mean.cases == 2)
    #expect(abs(mean.speedup * factor.squareRoot() - 1) < 0.01)
    #expect(comparison.differences.isEmpty)
  }

  @Test("A difference inside the noise floor is none")
  func belowFloor() throws {
    let first = try RunFixture(cases: [.init(name: "a", times: RunFixture.times(100))])
    let second = try RunFixture(cases: [.init(name: "a", times: RunFixture.times(105))])
    #expect(try compare(first, second).rows[0].verdict == .slower)
    #expect(try compare(first, second, floor: 0.08).rows[0].verdict == .same)
  }

  @Test("Too few rounds decide nothing")
  func fewRounds() throws {
    let first = try RunFixture(cases: [.init(name: "a", times: [100, 101, 102])])
    let second = try RunFixture(cases: [.init(name: "a", times: [200, 201, 202])])
    let comparison = try compare(first, second)
    #expect(comparison.rows[0].verdict == .inconclusive)
    #expect(comparison.detectableSlowdowns(margin: 0.02) == [nil])
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
