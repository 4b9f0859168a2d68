// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Comparing

@Suite("A gate against a stored run")
struct BaselineJudgeTests {
  /// Cases beside those that a test is about, from which it shows what two runs differ by.
  private static let unchanged = ["u", "v", "w", "x", "y", "z"]
  private let policy = GatePolicy(noiseFloor: 0.03, noiseFloorSource: "test")

  private func run(_ factors: [String: Double], status: [String: String] = [:]) throws -> StoredRun
  {
    let names = ["a", "b"] + Self.unchanged
    return try RunFixture(
      cases: names.compactMap { name in
        guard let factor = factors[name] ?? (Self.unchanged.contains(name) ? 1 : nil) else {
          return nil
        }
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
    #expect(Array(cases.map(\.verdict).prefix(2)) == ["slower", "same"])
    #expect(abs((cases[0].decisive?.timeRatio ?? 0) - 1.1) < 0.01)
    #expect(cases[1].confirmation == nil)
  }

  @Test("What the second run clears passes, and without a second run nothing fails")
  func unconfirmed() throws {
    let judge = try judge()
    let first = try run(["a": 1.1, "b": 1])
    let verdicts = { (again: StoredRun?) in
      Array(judge.cases(first, again: again).map(\.verdict).prefix(2))
    }
    #expect(verdicts(try run(["a": 1])) == ["same", "same"])
    #expect(verdicts(nil) == ["inconclusive", "same"])
  }

  @Test("Differences inside the noise floor between runs are none")
  func belowFloor() throws {
    let judge = try judge()
    #expect(judge.suspects(try run(["a": 1.025, "b": 1])).isEmpty)
  }

  @Test("A baseline of one process judges nothing, and says what would")
  func oneProcess() throws {
    let baseline = try RunFixture(
      processes: nil, cases: [.init(name: "a", times: RunFixture.times(100))]
    ).stored()
    let judge = try judge(baseline)
    #expect(judge.refusal?.contains("run --processes 15") == true)
    #expect(judge.cases(try run(["a": 3]), again: nil).first?.verdict == "inconclusive")
    #expect(try self.judge().refusal == nil)
  }

  @Test("Wrong, failed and new cases keep their reason")
  func statuses() throws {
    let judge = try judge(try run(["a": 1]))
    let cases = judge.cases(
      try run(["a": 1, "b": 1], status: ["a": "wrong"]), again: nil)
    #expect(Array(cases.map(\.status).prefix(2)) == [.wrong, .skipped])
    #expect(cases[1].reason == "the baseline has no time for it")
    let failed = judge.cases(try run(["a": 1], status: ["a": "failed"]), again: nil)
    #expect(failed.first?.status == .failed)
    #expect(failed[0].reason == "failed: because")
  }

  @Test("Another kernel for the only row of a case is compared with the old one")
  func otherKernel() throws {
    let times = RunFixture.times(100)
    let old = try RunFixture(cases: [.init(name: "a", times: times, kernel: "old")]).stored()
    let new = try RunFixture(cases: [.init(name: "a", times: times, kernel: "new")]).stored()
    let cases = BaselineJudge(old, policy: policy).cases(new, again: nil)
    #expect(cases.map(\.status) == [.ok])
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
