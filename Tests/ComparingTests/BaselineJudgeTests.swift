// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Comparing

@Suite("A gate against a stored run")
struct BaselineJudgeTests {
  private let policy = GatePolicy(noiseFloor: 0.03, noiseFloorSource: "test")

  private func run(_ factors: [String: Double], status: [String: String] = [:]) throws -> StoredRun
  {
    let names = ["a", "b"]
    return try RunFixture(
      cases: names.compactMap { name in
        guard let factor = factors[name] else { return nil }
        return .init(
          name: name, times: status[name] == nil ? RunFixture.times(100 * factor) : [],
          status: status[name] ?? "ok")
      }
    ).stored()
  }

  private func judge(_ baseline: StoredRun? = nil) throws -> BaselineJudge {
    BaselineJudge(try baseline ?? run(["a": 1, "b": 1]), policy: policy)
  }

  @Test("Ten per cent in both runs are slower")
  func slower() throws {
    let judge = try judge()
    let first = try run(["a": 1.1, "b": 1])
    #expect(judge.suspects(first).map(\.key.name) == ["a"])
    let cases = judge.cases(first, again: try run(["a": 1.1, "b": 1.2]))
    #expect(cases.map(\.verdict) == ["slower", "same"])
    #expect(abs((cases[0].decisive?.timeRatio ?? 0) - 1.1) < 0.01)
    #expect(cases[1].confirmation == nil)
  }

  @Test("What the second run clears passes, and without a second run nothing fails")
  func unconfirmed() throws {
    let judge = try judge()
    let first = try run(["a": 1.1, "b": 1])
    #expect(judge.cases(first, again: try run(["a": 1])).map(\.verdict) == ["same", "same"])
    #expect(judge.cases(first, again: nil).map(\.verdict) == ["inconclusive", "same"])
  }

  @Test("Differences inside the noise floor between runs are none")
  func belowFloor() throws {
    let judge = try judge()
    #expect(judge.suspects(try run(["a": 1.025, "b": 1])).isEmpty)
  }

  @Test("Wrong, failed and new cases keep their reason")
  func statuses() throws {
    let judge = try judge(try run(["a": 1]))
    let cases = judge.cases(
      try run(["a": 1, "b": 1], status: ["a": "wrong"]), again: nil)
    #expect(cases.map(\.status) == [.wrong, .skipped])
    #expect(cases[1].reason == "the baseline has no time for it")
    let failed = judge.cases(try run(["a": 1], status: ["a": "failed"]), again: nil)
    #expect(failed.map(\.status) == [.failed])
    #expect(failed[0].reason == "failed: because")
  }

  @Test("Another kernel for the only row of a case is compared with the old one")
  func otherKernel() throws {
    let times = RunFixture.times(100)
    let old = try RunFixture(cases: [.init(name: "a", times: times, kernel: "old")]).stored()
    let new = try RunFixture(cases: [.init(name: "a", times: times, kernel: "new")]).stored()
    let cases = BaselineJudge(old, policy: policy).cases(new, again: nil)
    #expect(cases.map(\.verdict) == ["same"])
    #expect(cases[0].baseImplementation == "old" && cases[0].newImplementation == "new")
    let both = try RunFixture(cases: [
      .init(name: "a", times: times, kernel: "new"),
      .init(name: "a", times: times, kernel: "old"),
    ]).stored()
    #expect(
      BaselineJudge(old, policy: policy).cases(both, again: nil).map(\.status) == [
        .skipped, .skipped,
      ])
  }
}
