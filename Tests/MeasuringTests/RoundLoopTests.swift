// SPDX-License-Identifier: Apache-2.0

import Children
import Convolution
import Planning
import Statistics
import Suites
import Testing

@testable import Measuring

@Suite("The rounds of a group")
struct RoundLoopTests {
  private func measure(
    _ subjects: [FakeSubject], budget: Double = 0.01, options: MeasuringOptions = .init(),
    workers: [Int]? = nil
  ) throws -> (cases: [CaseResult], pair: PairResult?) {
    let entry = PlanEntry(
      suiteCase: SuiteCase(name: "c", steps: [try ProblemDescriptor.parse("ic2ih3oc2kh3ph1")]),
      contender: .external(name: "fake"), workers: 1, cache: .warm)
    var results = subjects.map { _ in CaseResult(entry: entry, status: .ok) }
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])
    let pairs = subjects.count > 1 ? [pair] : []
    var loop = RoundLoop(
      subjects: subjects, places: Array(subjects.indices),
      workers: workers ?? subjects.map { _ in 1 },
      pairs: pairs, options: options,
      logs: RoundLogs(
        workers: Set(workers ?? [1]), seesVisits: true, watch: { _ in nil },
        calibration: { _ in nil }), interruption: Interruption())
    loop.run(budget: budget, results: &results) { _ in }
    return (results, pairs.first.map { PairResult($0, cases: results, noiseFloor: 0.01) })
  }

  @Test("have the same warm-up for all: the most that one of them needs")
  func sameWarmUp() throws {
    let quick = FakeSubject(steady: 10_000)
    let slow = FakeSubject(steady: 20_000, first: [4, 3, 2, 1.5, 1.2, 1.1])
    let results = try measure([quick, slow]).cases
    #expect(results.map(\.warmUp) == [6, 6])
    for subject in [quick, slow] {
      let timed = subject.visits.filter { $0.warmUp > 0 }
      #expect(timed.count >= RoundLoop.leastRounds)
      #expect(timed.allSatisfy { $0.warmUp == 6 || $0 == timed[0] })
    }
    // What is timed is the steady state, to the last bit of a sum.
    #expect(results.allSatisfy { $0.time != nil })
    #expect(abs((results[1].time?.median ?? 0) - 20_000) < 1e-6)
  }

  @Test("have the least warm-up where nothing gets faster, and are short for long problems")
  func leastWarmUp() throws {
    let long = FakeSubject(steady: 80_000_000, first: [2, 1.5, 1.3, 1.2, 1.1])
    let results = try measure([long], budget: 0).cases
    #expect(results[0].warmUp == WarmUp.least)
    #expect(results[0].iterations == 1)
    // Four to look, then six rounds of one.
    #expect(long.visits.count == 4 + RoundLoop.leastRounds)
  }

  @Test("visit all for comparable lengths, whatever one iteration takes")
  func comparableVisits() throws {
    let subjects = [FakeSubject(steady: 4_000_000), FakeSubject(steady: 31_250)]
    let results = try measure(subjects).cases
    #expect(results.map(\.iterations) == [1, 128])
  }

  @Test("end after a number of calm rounds where their interval is not the one that counts")
  func fixedRounds() throws {
    var options = MeasuringOptions()
    options.rounds = 9
    let noisy = FakeSubject(steady: 1000, lost: interrupted(calmEvery: 2))
    let results = try measure([noisy, FakeSubject(steady: 1000)], budget: 60, options: options)
      .cases
    #expect(results.map(\.stoppedBy) == ["rounds", "rounds"])
    #expect(results[0].time?.count == 9)
  }

  @Test("take visits over from an earlier process")
  func givenVisits() throws {
    var options = MeasuringOptions()
    options.visits = GroupVisits(warmUp: WarmUp(iterations: 7), iterations: [11, 0])
    let results = try measure(
      [FakeSubject(steady: 1000), FakeSubject(steady: 2000)], options: options
    ).cases
    #expect(results.map(\.warmUp) == [7, 7])
    #expect(results.map(\.iterations) == [11, 1])
  }

  @Test(
    "are marked where several workers have less than a core each",
    arguments: [
      (0.5, [Disturbance.Cause.shared]), (0.74, [.shared]), (0.76, []), (1.02, []),
    ])
  func sharedCores(share: Double, causes: [Disturbance.Cause]) {
    var log = RoundLog(watch: nil)
    log.begin()
    log.end()
    log.note(pace: 260, coreShare: share)
    #expect(log.rounds.map(\.causes) == [causes])
    #expect(log.counted == [causes.isEmpty])
  }

  @Test("know a shared core from what one worker reaches just then")
  func sharesOfPaces() {
    let logs = RoundLogs(
      workers: [2], seesVisits: true, peaks: [1: 100, 2: 190], watch: { _ in nil },
      calibration: { _ in nil })
    // Two threads of one core, on a day on which the clock is at 80 %.
    #expect(logs.coreShare(of: 2, [1: 80, 2: 76]) == 0.5)
    #expect(logs.coreShare(of: 2, [1: 80, 2: 152]) == 1)
    #expect(logs.coreShare(of: 1, [1: 50]) == nil)
    #expect(logs.coreShare(of: 3, [1: 80, 3: 80]) == nil)
  }

  /// Half of the visit is lost in all but every `period`th visit.
  private func interrupted(calmEvery period: Int) -> (Int) -> LostTime {
    { visit in
      visit % period == 0 ? LostTime() : LostTime(nanoseconds: 5_000_000, switches: 3)
    }
  }

  @Test("that were calm count alone, as soon as there are six, however many were disturbed")
  func calmRounds() throws {
    let baseline = FakeSubject(steady: 8_000_000, lost: interrupted(calmEvery: 9))
    let contender = FakeSubject(steady: 250_000)
    let (cases, pair) = try measure([baseline, contender], budget: 60)
    #expect(cases.map(\.status) == [.ok, .ok])
    #expect(cases[0].disturbedRounds > 4 * (cases[0].time?.count ?? .max))
    #expect((cases[0].time?.count ?? 0) >= 6)
    #expect(pair?.speedup.map { abs($0.ratio - 32) < 1e-9 } == true)
    #expect(pair?.verdict == .faster)
  }

  @Test("are marked for the entries on whose CPUs something happened, and for no others")
  func marksByWorkers() throws {
    let alone = FakeSubject(steady: 1000)
    let both = FakeSubject(steady: 500, lost: interrupted(calmEvery: 2))
    var options = MeasuringOptions()
    options.rounds = 9
    let (cases, _) = try measure([alone, both], budget: 60, options: options, workers: [1, 2])
    #expect(cases[0].disturbedRounds == 0 && cases[1].disturbedRounds > 0)
    #expect(cases[1].time?.count == 9)
    #expect(cases[0].time?.count == cases[0].samples.count)
    #expect(cases[0].samples.count == cases[1].samples.count)
  }

  @Test("of which fewer than six were calm decide nothing, and say so")
  func disturbed() throws {
    let baseline = FakeSubject(steady: 8_000_000, lost: interrupted(calmEvery: 1_000_000))
    let (cases, pair) = try measure([baseline, FakeSubject(steady: 250_000)], budget: 0.001)
    #expect(cases.map(\.status) == [.disturbed, .disturbed])
    #expect(cases[0].reason.hasPrefix("undecided (disturbed): 0 of "))
    #expect(cases[0].reason.contains("waited in"))
    #expect(cases[0].time == nil)
    #expect(!cases[0].samples.isEmpty)
    let comparison = try #require(pair)
    #expect(comparison.status == .disturbed)
    #expect(comparison.verdict == .inconclusive)
    #expect(comparison.speedup == nil)
    #expect(comparison.reason == cases[0].reason)
    let group = GroupResult(
      group: PlanGroup(suite: "s", axisNames: [], entries: cases.map(\.entry), pairs: []),
      cases: cases, pairs: [comparison])
    #expect(Indecision.reason([group])?.contains("1 of 1 comparisons") == true)
    let alone = GroupResult(group: group.group, cases: cases, pairs: [])
    #expect(Indecision.reason([alone])?.contains("2 of 2 measurements") == true)
    let calm = try measure([FakeSubject(steady: 1000)]).cases
    #expect(
      Indecision.reason([alone, GroupResult(group: group.group, cases: calm, pairs: [])]) == nil)
  }

  @Test("are marked by what one visit lost, not by its share of the round")
  func shortVisit() {
    var round = Disturbance(nanoseconds: 100_000_000)
    round.add([LostTime()], of: 50_000_000)
    #expect(!round.isDisturbed)
    round.add([LostTime(), LostTime(nanoseconds: 100_000, switches: 1)], of: 250_000)
    #expect(round.causes == [.waited])
    #expect(round.contextSwitches == 1 && round.waitedNanoseconds == 100_000)
    var unseen = Disturbance(nanoseconds: 1)
    unseen.add(nil, of: 1)
    #expect(unseen.waitedNanoseconds == nil && !unseen.isDisturbed)
  }
}
