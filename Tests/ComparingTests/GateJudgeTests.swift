// SPDX-License-Identifier: Apache-2.0

import Foundation
import Statistics
import Testing

@testable import Comparing

@Suite("The judge of a gate")
struct GateJudgeTests {
  private func judge(floor: Double = 0.005, threshold: Double = 0.02) -> GateJudge {
    GateJudge(GatePolicy(threshold: threshold, noiseFloor: floor, noiseFloorSource: "test"))
  }

  /// Session values whose median is `center`, `width` wide on each side.
  private func sessions(_ center: Double, width: Double = 0.005, count: Int = 24) -> [Double] {
    (0..<count).map { center + width * (2 * Double($0) / Double(count - 1) - 1) }
  }

  @Test("A session is the median of its rounds; without rounds there is none")
  func session() {
    #expect(GateJudge.session([0.1, 0.3, 0.2]) == 0.2)
    #expect(GateJudge.session([]) == nil)
  }

  @Test(
    "Verdicts need effect and evidence",
    arguments: [
      (-0.04, Verdict.slower), (0.04, .faster), (0, .same), (-0.019, .inconclusive),
    ])
  func verdicts(center: Double, expected: Verdict) {
    let found = judge().verdicts([sessions(center), sessions(0), []])
    #expect(found == [expected, .same, nil])
  }

  @Test("An effect within the noise floor is none, even where the threshold is smaller")
  func noiseFloor() {
    let slower = [sessions(-0.04)]
    #expect(judge(floor: 0.03).verdicts(slower) == [.slower])
    #expect(judge(floor: 0.05).verdicts(slower) == [.same])
    #expect(judge(floor: 0.05).policy.margin == 0.05)
    #expect(judge(floor: 0.005).policy.margin == 0.02)
  }

  @Test("What is shown of a case is its second run, where there is one")
  func decisive() {
    func stage(_ center: Double) -> GateCase.Stage {
      GateCase.Stage(
        judge().speedup(sessions(center), family: 1), verdict: .slower, rounds: 1,
        disturbedRounds: 0)
    }
    var one = GateCase(suite: "s", name: "a", problem: "ic1ih1oc1kh1", workers: 1)
    #expect(one.decisive == nil)
    one.screening = stage(-0.05)
    #expect(one.decisive == one.screening)
    one.confirmation = stage(-0.03)
    #expect(one.decisive == one.confirmation)
    #expect(one.decisive != one.screening)
  }

  @Test("The interval is that of the strictest test of the family")
  func confidence() {
    #expect(judge().speedup(sessions(0), family: 12).confidence == 1 - 0.01 / 12)
    #expect(judge().speedup(sessions(0), family: 0).confidence == 0.99)
  }

  @Test("More cases need more evidence: seven agreeing sessions are enough for none")
  func family() {
    // Eight sessions that agree have p = 0.0078: enough for one case at 1 %, not for two.
    let eight = sessions(-0.05, count: 8)
    #expect(judge().verdicts([eight]) == [.slower])
    #expect(judge().verdicts([eight, sessions(0)])[0] == .inconclusive)
    #expect(judge().verdicts([sessions(-0.05, count: 7)]) == [.inconclusive])
  }

  @Test(
    "Slower needs both runs",
    arguments: [
      (Verdict.slower, Verdict?.some(.slower), Verdict.slower),
      (.slower, .some(.same), .same), (.slower, .some(.faster), .inconclusive),
      (.slower, .some(.inconclusive), .inconclusive), (.slower, nil, .inconclusive),
      (.same, nil, .same), (.faster, nil, .faster), (.inconclusive, nil, .inconclusive),
    ])
  func confirmation(screening: Verdict, second: Verdict?, expected: Verdict) {
    #expect(GateJudge.final(screening: screening, confirmation: second) == expected)
  }
}

@Suite("The report of a gate")
struct GateReportTests {
  private func report(
    _ cases: [GateCase], inconclusive: GatePolicy.Inconclusive = .pass, isInterrupted: Bool = false
  ) -> GateReport {
    var report = GateReport(
      version: "1", startedAt: "2026-01-01T00:00:00Z", against: "old", machine: "m",
      builds: ["base": "old"],
      policy: GatePolicy(
        noiseFloor: 0.005, noiseFloorSource: "test", inconclusive: inconclusive))
    report.conclude(cases, isInterrupted: isInterrupted)
    return report
  }

  private func judged(
    _ verdict: Verdict, ratio: Double = 1, detectable: Double? = 0.025
  ) -> GateCase {
    var one = GateCase(suite: "s", name: "a|b", problem: "p", workers: 2)
    one.verdict = verdict.rawValue
    one.screening = GateCase.Stage(
      RatioEstimate(
        ratio: 1 / ratio, lower: 0.9 / ratio, upper: 1.25 / ratio, rounds: 24, ties: 0,
        confidence: 0.999, pValue: 0.5),
      verdict: verdict, rounds: 200, disturbedRounds: 3)
    one.detectableSlowdown = detectable
    one.baseNanoseconds = 1000
    one.newNanoseconds = 1000 * ratio
    return one
  }

  private func unmeasured(
    _ status: GateCase.Status, unchanged: Bool? = nil
  ) -> GateCase {
    var one = GateCase(
      suite: "s", name: "x", problem: "p", workers: 1, status: status, reason: "why")
    one.isUnchanged = unchanged
    return one
  }

  @Test("ends with the exit code of the worst news")
  func exitCodes() {
    #expect(report([judged(.same), judged(.faster)]).exitCode == 0)
    #expect(report([judged(.same), judged(.slower), unmeasured(.failed)]).exitCode == 2)
    #expect(report([judged(.slower), unmeasured(.wrong)]).exitCode == 3)
    #expect(report([judged(.same), unmeasured(.failed)]).exitCode == 1)
    #expect(report([judged(.same), judged(.inconclusive)]).exitCode == 0)
    #expect(report([judged(.inconclusive), judged(.inconclusive)]).exitCode == 4)
    #expect(report([judged(.same), judged(.inconclusive)], inconclusive: .fail).exitCode == 4)
    #expect(report([judged(.same), unmeasured(.skipped)]).exitCode == 0)
    #expect(report([unmeasured(.skipped)]).exitCode == 4)
    #expect(report([unmeasured(.skipped, unchanged: true)]).exitCode == 0)
    #expect(report([]).exitCode == 4)
    #expect(report([judged(.same)], isInterrupted: true).exitCode == 130)
    #expect(report([judged(.slower)], isInterrupted: true).exitCode == 2)
  }

  @Test("states what it could have seen: nothing, where one case has no interval")
  func detectable() {
    let known = report([judged(.same), judged(.same, detectable: 0.04)])
    #expect(known.detectableSlowdown == 0.04)
    #expect(known.markdown().contains("would have caught in every case: 4.0 %"))
    let unknown = report([judged(.same), judged(.inconclusive, detectable: nil)])
    #expect(unknown.detectableSlowdown == nil)
    #expect(unknown.markdown().contains("could not have been caught"))
  }

  @Test("turns the speedup around: new over base, bounds in order")
  func ratio() throws {
    let one = judged(.slower, ratio: 1.25)
    let stage = try #require(one.decisive)
    #expect(abs(stage.timeRatio - 1.25) < 1e-12)
    #expect(abs(try #require(stage.lower) - 1) < 1e-12)
    #expect(abs(try #require(stage.upper) - 1.25 / 0.9) < 1e-12)
    #expect(
      one.cells == [
        "s: a|b, 2 workers", "1.00 µs", "1.25 µs", "1.250", "1.000 … 1.389", "2.5 %", "slower",
      ])
    let mean = report([judged(.same, ratio: 2), judged(.same, ratio: 0.5)]).timeRatio
    #expect(abs(try #require(mean) - 1) < 1e-12)
  }

  @Test("as Markdown has a row for each case, with bars escaped and reasons below")
  func markdown() {
    let text = report([judged(.slower), unmeasured(.failed)]).markdown()
    #expect(text.hasPrefix("### Performance gate: slower\n"))
    #expect(text.contains("| s: a\\|b, 2 workers |"))
    #expect(text.contains("| s: x | — | — | — | — | — | failed |"))
    #expect(text.contains("x: why."))
  }

  @Test("as JSON keeps its keys, and reads back as it was")
  func json() throws {
    let written = report([judged(.slower), unmeasured(.skipped)])
    let data = try written.json()
    #expect(try JSONDecoder().decode(GateReport.self, from: data) == written)
    let object = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    #expect(object["exit_code"] as? Int == 2)
    #expect(object["outcome"] as? String == "regression")
    let cases = try #require(object["cases"] as? [[String: Any]])
    #expect(cases[0]["case"] as? String == "a|b")
    let stage = try #require(cases[0]["screening"] as? [String: Any])
    #expect(stage["disturbed_rounds"] as? Int == 3)
    let policy = try #require(object["policy"] as? [String: Any])
    #expect(policy["family_wise_error"] as? Double == 0.01)
  }
}
