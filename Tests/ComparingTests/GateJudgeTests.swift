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

  /// Session values whose median is `center`, `width` wide on each side, low and high in turn.
  private func sessions(_ center: Double, width: Double = 0.005, count: Int = 24) -> [Double] {
    (0..<count).map { place in
      let rank = place % 2 == 0 ? place / 2 : count - 1 - place / 2
      return center + width * (2 * Double(rank) / Double(count - 1) - 1)
    }
  }

  @Test("A session is the median of its rounds; without rounds there is none")
  func session() {
    #expect(GateJudge.session([0.1, 0.3, 0.2]) == 0.2)
    #expect(GateJudge.session([]) == nil)
  }

  private func verdicts(
    _ judge: GateJudge, _ cases: [[Double]], overall: [Double] = [], look: Int = 0
  ) -> [Verdict?] {
    judge.judgement(of: cases, overall: overall, look: look).cases.map { $0?.verdict }
  }

  @Test(
    "Verdicts need effect and evidence",
    arguments: [
      (-0.04, Verdict.slower), (0.04, .faster), (0, .same), (-0.019, .inconclusive),
    ])
  func verdicts(center: Double, expected: Verdict) {
    #expect(verdicts(judge(), [sessions(center), sessions(0), []]) == [expected, .same, nil])
  }

  @Test("An effect within the noise floor is no claim, and beyond the threshold not the same")
  func noiseFloor() {
    let slower = [sessions(-0.04)]
    #expect(verdicts(judge(floor: 0.03), slower) == [.slower])
    #expect(verdicts(judge(floor: 0.05), slower) == [.inconclusive])
    #expect(verdicts(judge(floor: 0.05), [sessions(0)]) == [.same])
    // A case may have one of its own.
    let own = judge(floor: 0.03).judgement(of: slower + slower, noiseFloors: [0.05, 0.03])
    #expect(own.cases.map { $0?.verdict } == [.inconclusive, .slower])
    #expect(judge(floor: 0.05).policy.margin == 0.05)
    #expect(judge(floor: 0.005).policy.margin == 0.02)
  }

  @Test("All cases together have a margin that shrinks with their number, to a third at least")
  func overallMargins() {
    #expect(judge().overallMargins(cases: 1).threshold == 0.02)
    #expect(judge().overallMargins(cases: 4).threshold == 0.01)
    #expect(judge().overallMargins(cases: 9).threshold == 0.02 / 3)
    #expect(judge().overallMargins(cases: 100).threshold == 0.02 / 3)
    #expect(judge(floor: 0.03).overallMargins(cases: 4).noiseFloor == 0.015)
    let cases = (0..<4).map { _ in sessions(-0.012) }
    let judged = judge().judgement(of: cases, overall: sessions(-0.012))
    #expect(judged.overall?.verdict == .slower)
    #expect(!judged.cases.contains { $0?.verdict != .same })
    // In a second run that is about few cases, or none, the margin is that of all.
    for suspects in [Set<Int>(), [1]] {
      let again = judge().judgement(
        of: cases, suspects: suspects, overall: sessions(-0.012), look: 1)
      #expect(again.overall?.verdict == .slower)
      #expect(Set(again.cases.indices.filter { again.cases[$0] != nil }) == suspects)
    }
    let less = judge().judgement(of: cases, overall: sessions(-0.009))
    #expect(less.overall?.verdict == .inconclusive)
  }

  @Test("The looks share the error, the first has half, and a claim that was made stays")
  func looks() {
    let shares = (0..<GateJudge.looks).map(GateJudge.share)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-12 && shares[0] == 0.5)
    // Nine sessions that agree have p = 0.0039: enough at the first look, not at the second.
    let nine = [sessions(-0.05, count: 9)]
    let first = judge().judgement(of: nine, look: 0)
    let second = judge().judgement(of: nine, look: 1)
    #expect(first.cases[0]?.verdict == .slower)
    #expect(second.cases[0]?.verdict == .inconclusive)
    #expect(second.keepingClaims(of: first).cases[0]?.verdict == .slower)
    #expect(first.keepingClaims(of: second).cases[0]?.verdict == .slower)
  }

  @Test("What is shown of a case is its second run, where there is one")
  func decisive() {
    func stage(_ center: Double) -> GateCase.Stage {
      GateCase.Stage(
        RatioEstimate(symmetric: sessions(center)), verdict: .slower, rounds: 1,
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

  @Test("The interval that is shown is that of one case")
  func confidence() {
    let judged = judge().judgement(of: [sessions(0), sessions(0)]).cases[0]
    #expect(judged?.speedup.confidence == 0.99)
  }

  @Test("More cases need more evidence, and all together are one more")
  func family() {
    // Ten sessions that agree have p = 0.00195: enough for two cases at 0.5 %, not for three.
    // Neighbours among a dozen differ so much that none resembles another.
    let ten = sessions(-0.05, count: 10)
    let calm = sessions(0, count: 12)
    #expect(verdicts(judge(), [ten, calm])[0] == .slower)
    #expect(verdicts(judge(), [ten, calm, calm])[0] == .inconclusive)
    #expect(verdicts(judge(), [ten, calm], overall: calm)[0] == .inconclusive)
    #expect(verdicts(judge(), [sessions(-0.05, count: 8)]) == [.inconclusive])
  }

  @Test("Sessions that resemble their neighbours are worth less")
  func correlated() throws {
    // The same values, low and high in turn, and in order.
    let values = sessions(-0.03, width: 0.06)
    let plain = try #require(judge().judgement(of: [values]).cases[0])
    let widened = try #require(judge().judgement(of: [values.sorted()]).cases[0])
    #expect(plain.verdict == .slower && widened.verdict == .inconclusive)
    #expect(plain.speedup.ratio == widened.speedup.ratio)
    #expect(try #require(plain.detectable) < (widened.detectable ?? .infinity))
  }

  @Test(
    "A claim needs both runs",
    arguments: [
      (Verdict.slower, Verdict?.some(.slower), Verdict.slower),
      (.slower, .some(.same), .same), (.slower, .some(.faster), .inconclusive),
      (.slower, .some(.inconclusive), .inconclusive), (.slower, nil, .inconclusive),
      (.same, nil, .same), (.faster, nil, .inconclusive), (.faster, .faster, .faster),
      (.faster, .same, .same), (.faster, .slower, .inconclusive),
      (.inconclusive, nil, .inconclusive),
    ])
  func confirmation(screening: Verdict, second: Verdict?, expected: Verdict) {
    #expect(GateJudge.final(screening: screening, confirmation: second) == expected)
  }
}

@Suite("The report of a gate")
struct GateReportTests {
  private func overall(_ verdict: Verdict, ratio: Double = 1) -> GateOverall {
    GateOverall(
      cases: 2, margin: 0.014, verdict: verdict,
      screening: GateCase.Stage(
        RatioEstimate(
          ratio: 1 / ratio, lower: 0.99 / ratio, upper: 1.01 / ratio, rounds: 24, ties: 0,
          confidence: 0.99, pValue: 0.5),
        verdict: verdict, rounds: 200, disturbedRounds: 3),
      confirmation: nil, detectableSlowdown: 0.017)
  }

  @Test("fails where all cases together are slower, and says so")
  func everywhere() throws {
    var one = report([judged(.same), judged(.same)])
    one.conclude([judged(.same), judged(.same)], overall: overall(.slower, ratio: 1.02))
    #expect(one.exitCode == 2)
    #expect(
      one.markdown().contains(
        "All 2 cases together: geometric mean of new over base 1.0200 (1.0099 … 1.0303), slower "
          + "(margin 1.40 %, detectable 1.70 %)."), "\(one.markdown())")
    let data = try one.json()
    #expect(try JSONDecoder().decode(GateReport.self, from: data) == one)
    #expect(String(decoding: data, as: UTF8.self).contains("\"all_cases\""))
    one.conclude([judged(.same), judged(.same)], overall: overall(.faster))
    #expect(one.exitCode == 0)
  }

  @Test("that passed with most cases undecided says so, and what would decide them")
  func undecided() {
    let passed = report([judged(.same), judged(.inconclusive), judged(.inconclusive)])
    #expect(passed.outcome == .passed)
    #expect(passed.title == "Performance gate: passed, but 2 of 3 cases are undecided")
    // Bounds of 0.9 and 1.25 are 16.6 times as wide as log 1.02: 24 · 275 sessions.
    #expect(passed.notes().contains { $0.contains("--processes 6608 --budget ") })
    let half = report([judged(.same), judged(.inconclusive)])
    #expect(half.title == "Performance gate: passed")
    #expect(half.notes().contains { $0.hasPrefix("Undecided: 1 of 2 cases.") })
    #expect(!report([judged(.same)]).notes().contains { $0.hasPrefix("Undecided") })
  }

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
