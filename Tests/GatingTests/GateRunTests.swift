// SPDX-License-Identifier: Apache-2.0

import Comparing
import Convolution
import Gating
import Measuring
import Planning
import Statistics
import Suites
import Testing

@Suite("A gate between two builds")
struct GateRunTests {
  /// What a made-up gate left behind.
  struct Result {
    var cases: [GateCase]
    var rounds: [GateRound]
    var report: GateReport
    var launches: Int
    var repeated: [String]
    /// Rounds that were told of as they were measured.
    var noted: Int
  }

  static let names = ["a", "b", "c", "d"]

  static func entries(_ names: [String] = GateRunTests.names) throws -> [SuiteEntry] {
    try names.enumerated().map { place, name in
      let step = try ProblemDescriptor.parse("ic\(place + 1)ih3oc2kh3ph1")
      return SuiteEntry(
        suite: "s",
        entry: PlanEntry(
          suiteCase: SuiteCase(name: name, steps: [step]),
          contender: .unsupported(name: "best", reason: ""), workers: 1, cache: .warm))
    }
  }

  @Test("asks both builds alike: for entries, or for convolutions where one knows no entries")
  func olderBuild() throws {
    for isOld in [false, true] {
      var builds: [FakeBuild] = []
      let gate = GateRun(
        entries: try Self.entries(), judge: GateJudge(GatePolicy.madeUp), options: GateOptions(),
        launch: { (side: GateSide) throws(SubjectFailure) in
          let build = FakeBuild(.init(), process: 0, seed: UInt64(builds.count + 1))
          build.takesEntries = !(isOld && side == .base)
          builds.append(build)
          return build
        }, seconds: { Double(builds.count) * 0.1 })
      _ = gate.run()
      #expect(Set(builds.flatMap(\.wasGivenData)) == [!isOld])
      #expect(gate.takesEntries == !isOld)
      #expect(!gate.rounds.isEmpty && gate.rounds.allSatisfy { $0.warmUp >= WarmUp.least })
    }
  }

  private func gate(
    base: FakeBuild.Character = .init(), new: FakeBuild.Character = .init(),
    inconclusive: GatePolicy.Inconclusive = .pass, noiseFloor: Double = 0.005,
    floors: NoiseMargins? = nil, options: GateOptions = GateOptions(), unchanged: Set<Int>? = nil,
    seed: UInt64 = 1,
    secondsPerSession: Double = 0.2, interruptAfterSessions: Int = .max
  ) throws -> Result {
    let policy = GatePolicy(
      noiseFloor: noiseFloor, noiseFloorSource: "made up", inconclusive: inconclusive)
    var launches = 0
    var noted = 0
    var stage = GateStage.screening
    var processes: [GateSide: Int] = [:]
    let gate = GateRun(
      entries: try Self.entries(), unchanged: unchanged, judge: GateJudge(policy),
      floors: floors, options: options,
      launch: { (side: GateSide) throws(SubjectFailure) in
        launches += 1
        let number = processes[side, default: 0]
        processes[side] = number + 1
        return FakeBuild(
          side == .base ? base : new, process: number, seed: seed &* 1000 &+ UInt64(launches),
          stage: stage)
      },
      seconds: { Double(launches) / 2 * secondsPerSession },
      isInterrupted: { launches / 2 >= interruptAfterSessions },
      events: { event in
        if case .round = event { noted += 1 }
        if case .session(let own, _, _, _) = event { stage = own }
      })
    let cases = gate.run()
    var report = GateReport(
      version: "0", startedAt: "2026-01-01T00:00:00Z", against: "old", machine: "m", builds: [:],
      policy: policy)
    report.conclude(
      cases, overall: gate.overall, isInterrupted: launches / 2 >= interruptAfterSessions)
    return Result(
      cases: cases, rounds: gate.rounds, report: report, launches: launches,
      repeated: gate.repeated, noted: noted)
  }

  @Test("The same build against itself passes", arguments: 1...10 as ClosedRange<UInt64>)
  func same(seed: UInt64) throws {
    let result = try gate(seed: seed)
    #expect(result.report.outcome == .passed)
    #expect(result.cases.allSatisfy { $0.verdict == "same" })
    #expect(result.cases.allSatisfy { $0.confirmation == nil })
    #expect(try #require(result.report.detectableSlowdown) < 0.05)
    let overall = try #require(result.report.overall)
    #expect(overall.verdict == "same" && overall.cases == 4 && overall.margin == 0.01)
  }

  /// Of any seed: what an early look does not decide, a later one does.
  static let seeds: ClosedRange<UInt64> = 1...16

  @Test("Four per cent in one case are found, confirmed, and are exit code 2", arguments: seeds)
  func slower(seed: UInt64) throws {
    let result = try gate(new: .init(factors: ["c": 1.04]), seed: seed)
    #expect(result.report.exitCode == 2)
    #expect(result.cases.map(\.verdict) == ["same", "same", "slower", "same"])
    let confirmation = try #require(result.cases[2].confirmation)
    #expect(abs(confirmation.timeRatio - 1.04) < 0.01)
    #expect(try #require(confirmation.lower) > 1)
    // Screening and confirmation, each with processes of its own for both builds.
    let sessions =
      confirmation.sessions + (result.cases.compactMap(\.screening?.sessions).max() ?? 0)
    #expect(confirmation.sessions >= GateOptions.defaultSessions)
    #expect(result.launches == 2 * sessions)
  }

  @Test("A build that became faster passes and says so, after a second run", arguments: seeds)
  func faster(seed: UInt64) throws {
    let result = try gate(new: .init(factors: ["a": 0.9]), seed: seed)
    #expect(result.report.exitCode == 0)
    #expect(result.cases[0].verdict == "faster")
    #expect(result.cases[0].confirmation?.verdict == "faster")
    let luck = try gate(
      new: .init(factors: ["a": 0.9], isScreeningOnly: true), seed: seed)
    #expect(luck.cases[0].verdict == "same")
    #expect(luck.cases[0].reason.contains("looked faster at first"))
  }

  @Test("What slows all cases by less than each could show is found, and is exit code 2")
  func everywhere() throws {
    let all = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, 1.015) })
    let result = try gate(new: .init(factors: all))
    #expect(!result.cases.contains { $0.verdict == "slower" })
    let overall = try #require(result.report.overall)
    #expect(overall.verdict == "slower" && overall.confirmation?.verdict == "slower")
    #expect(abs(overall.decisive.timeRatio - 1.015) < 0.003)
    #expect(result.report.exitCode == 2)
    // One case alone is no more than itself.
    #expect(try gate(unchanged: [1, 2, 3]).report.overall == nil)
  }

  @Test("The second run goes on while it is undecided, as the first does")
  func extendedConfirmation() throws {
    let wide = FakeBuild.Character(processSpread: 0.04)
    let slower = FakeBuild.Character(factors: ["c": 1.035], processSpread: 0.04)
    let results = try (0..<8).map { seed in
      try gate(base: wide, new: slower, seed: 50 + UInt64(seed), secondsPerSession: 0.1)
    }
    #expect(results.count { $0.cases[2].verdict == "slower" } >= 6)
    let sessions = results.compactMap { $0.cases[2].confirmation?.sessions }
    #expect(sessions.contains { $0 > GateOptions.defaultSessions }, "\(sessions)")
  }

  @Test("One per cent is below the threshold of two")
  func belowThreshold() throws {
    let result = try gate(new: .init(factors: ["a": 1.01]))
    #expect(result.report.outcome == .passed)
    #expect(result.cases[0].verdict == "same")
  }

  @Test("Four per cent are no regression where identical code differs by five")
  func belowNoiseFloor() throws {
    let result = try gate(new: .init(factors: ["a": 1.04]), noiseFloor: 0.05)
    #expect(result.report.outcome == .passed)
    #expect(result.cases[0].verdict != "slower")
  }

  @Test("A case whose visits are long has the noise floor of long visits")
  func floorOfVisits() throws {
    // An iteration of a and b takes 50 µs, so that ten are a visit of 0.5 ms; one of c 100 times as
    // much, so that one is a visit of 5 ms.
    let floors = NoiseMargins(rows: [
      .init(visitNanoseconds: 0.5e6, relative: 0.005), .init(visitNanoseconds: 8e6, relative: 0.05),
    ])
    let slow = FakeBuild.Character(factors: ["b": 1.04, "c": 103])
    let result = try gate(base: .init(factors: ["c": 100]), new: slow, floors: floors)
    #expect(result.cases.map(\.verdict) == ["same", "slower", "inconclusive", "same"])
    #expect(result.cases.map(\.noiseFloor) == [nil, nil, 0.05, nil])
    #expect(try #require(result.cases[2].detectableSlowdown) > 0.05)
    let notes = result.report.notes().joined(separator: "\n")
    #expect(notes.contains("c: slower means by more than 5.0 %"))
    // Nobody looked at visits as long as these: the largest floor holds, and that is said.
    let unknown = NoiseMargins(rows: [.init(visitNanoseconds: 0.4e6, relative: 0.05)])
    let other = try gate(base: .init(factors: ["c": 100]), new: slow, floors: unknown)
    #expect(other.cases[2].reason.contains("is not known"))
    #expect(other.cases[1].reason.isEmpty)
  }

  @Test(
    "What the second run clears is the same, and the report says what happened", arguments: seeds)
  func unconfirmed(seed: UInt64) throws {
    let result = try gate(new: .init(factors: ["b": 1.06], isScreeningOnly: true), seed: seed)
    #expect(result.report.outcome == .passed)
    #expect(result.cases[1].screening?.verdict == "slower")
    #expect(result.cases[1].confirmation?.verdict == "same")
    #expect(result.cases[1].verdict == "same")
    #expect(result.cases[1].reason.contains("did not confirm"))
  }

  @Test("Processes that differ a lot leave a case undecided after more of them")
  func inconclusive() throws {
    let wild = FakeBuild.Character(processSpread: 0.2)
    let result = try gate(base: wild, new: wild)
    #expect(result.cases.allSatisfy { $0.verdict == "inconclusive" })
    #expect(result.report.outcome == .inconclusive)
    #expect(result.report.exitCode == 4)
    let sessions = try #require(result.cases[0].screening?.sessions)
    #expect(sessions > GateOptions.defaultSessions)
  }

  @Test("One undecided case passes or fails as the policy says", arguments: [true, false])
  func policy(passes: Bool) throws {
    // 1.6 %, below the threshold: the interval reaches across it.
    let result = try gate(
      new: .init(factors: ["a": 1.016], roundSpread: 0.06),
      inconclusive: passes ? .pass : .fail)
    #expect(result.cases[0].verdict == "inconclusive")
    #expect(result.report.exitCode == (passes ? 0 : 4))
  }

  @Test("A wrong result of the new build is exit code 3, whatever else there is")
  func wrong() throws {
    let result = try gate(
      new: .init(factors: ["a": 1.2], faults: ["d": "output[0] is 1, expected 2"]))
    #expect(result.report.exitCode == 3)
    #expect(result.cases[3].status == .wrong)
    #expect(result.cases[3].reason.contains("expected 2"))
  }

  @Test("What the other build cannot compute is left out, what only this one cannot is exit code 1")
  func failures() throws {
    let old = try gate(base: .init(failures: ["a": .unsupported("too new")]))
    #expect(old.cases[0].status == .skipped)
    #expect(old.cases[0].reason == "base build: too new")
    #expect(old.report.outcome == .passed)
    let broken = try gate(new: .init(failures: ["a": .failed("crashed")]))
    #expect(broken.cases[0].status == .failed)
    #expect(broken.report.exitCode == 1)
  }

  @Test("What fails in both builds is a failure here, what neither can do is left out")
  func failuresOfBoth() throws {
    let failing = FakeBuild.Character(failures: ["a": .failed("no memory")])
    let both = try gate(base: failing, new: failing)
    #expect(both.cases[0].status == .failed)
    #expect(both.report.exitCode == 1)
    let refusing = FakeBuild.Character(failures: ["a": .unsupported("no kernel")])
    let neither = try gate(base: refusing, new: refusing)
    #expect(neither.cases[0].status == .skipped)
    #expect(neither.report.outcome == .passed)
    let gate = GateRun(
      entries: try Self.entries(), judge: GateJudge(GatePolicy.madeUp), options: GateOptions(),
      launch: { (_: GateSide) throws(SubjectFailure) in throw .failed("no process") },
      seconds: { 0 })
    #expect(gate.run().allSatisfy { $0.status == .failed && $0.reason == "new build: no process" })
  }

  @Test("Without a single comparable case the answer is inconclusive")
  func nothingComparable() throws {
    let all = Dictionary(
      uniqueKeysWithValues: Self.names.map { ($0, SubjectFailure.unsupported("no")) })
    let result = try gate(base: .init(failures: all))
    #expect(result.report.exitCode == 4)
  }

  @Test("Disturbed rounds are marked, kept, measured again and left out of the estimate")
  func disturbed() throws {
    let result = try gate(
      base: .init(interruptedShare: 0.1), new: .init(interruptedShare: 0.1))
    let marked = result.rounds.filter { !$0.causes.isEmpty }
    #expect(!marked.isEmpty)
    #expect(marked.allSatisfy { $0.causes == [.waited] && !$0.counts })
    let screening = try #require(result.cases[0].screening)
    #expect(screening.disturbedRounds > 0)
    // What is disturbed again and again is given up for its session, so a few may be missing.
    let all = GateOptions.defaultSessions * GateOptions.defaultRounds
    #expect(screening.rounds <= all && screening.rounds >= all - GateOptions.defaultSessions)
    #expect(result.report.outcome == .passed)
  }

  @Test("Where most rounds are disturbed, the calm ones alone count")
  func mostlyDisturbed() throws {
    // What is interrupted takes twice as long; the base is, two times out of three.
    let result = try gate(
      base: .init(interruptedShare: 0.66), new: .init(interruptedShare: 0.1))
    #expect(result.rounds.count { !$0.causes.isEmpty } > result.rounds.count { $0.counts })
    #expect(result.rounds.allSatisfy { $0.counts == $0.causes.isEmpty })
    #expect(result.cases.allSatisfy { $0.verdict == "same" }, "\(result.cases.map(\.verdict))")
  }

  @Test("Fewer than six calm rounds decide nothing, and the report says why")
  func disturbedToTheEnd() throws {
    let busy = FakeBuild.Character(interruptedShare: 1)
    for (base, new) in [(busy, busy), (busy, .init(factors: ["a": 2]))] {
      let result = try gate(base: base, new: new)
      #expect(result.cases.allSatisfy { $0.verdict == "inconclusive" })
      let reason = "undecided (disturbed): 0 of "
      #expect(result.cases.allSatisfy { $0.reason.hasPrefix(reason) }, "\(result.cases[0].reason)")
      #expect(result.report.exitCode == 4)
      #expect(result.cases[0].screening == nil && result.cases[0].baseNanoseconds == nil)
    }
  }

  @Test("A process that is killed once has its session run again", arguments: [1, 3, 40])
  func killedOnce(visit: Int) throws {
    let result = try gate(new: .init(endsAtVisit: visit, endsOfProcesses: [2]))
    #expect(result.report.outcome == .passed)
    #expect(result.cases.allSatisfy { $0.verdict == "same" })
    #expect(result.repeated.count == 1)
    #expect(result.repeated[0].contains("session 2: new build: killed"), "\(result.repeated)")
    #expect(result.launches == 2 * (GateOptions.defaultSessions + 1))
    // Each round belongs to one session, and was told of as it was measured.
    #expect(result.noted == result.rounds.count)
    #expect(Set(result.rounds.map(\.session)).count <= GateOptions.defaultSessions + 1)
  }

  @Test("A process that ends in the first session has its outputs checked all the same")
  func killedFirst() throws {
    let result = try gate(
      new: .init(faults: ["d": "wrong"], endsAtVisit: 0, endsOfProcesses: [0]))
    #expect(result.report.exitCode == 3)
  }

  @Test("A build that ends again and again fails")
  func crashing() throws {
    let result = try gate(new: .init(endsAtVisit: 5, endsOfProcesses: Set(0..<1000)))
    #expect(result.report.exitCode == 1)
    #expect(result.cases.contains { $0.status == .failed && $0.reason.contains("killed") })
    let rarely = try gate(
      new: .init(endsAtVisit: 5, endsOfProcesses: Set(stride(from: 0, to: 1000, by: 3))))
    #expect(rarely.report.exitCode == 1)
    #expect(rarely.repeated.count == 3)
  }

  @Test("Either build comes first in half of the rounds of each case and session")
  func order() throws {
    let result = try gate()
    for own in Dictionary(grouping: result.rounds, by: { [$0.session, $0.problem] }).values {
      #expect(2 * own.count { $0.first == .base } == own.count)
    }
    let busy = FakeBuild.Character(interruptedShare: 0.2)
    let disturbed = try gate(base: busy, new: busy).rounds.filter(\.counts)
    let baseFirst = disturbed.count { $0.first == .base }
    #expect(abs(2 * baseFirst - disturbed.count) < disturbed.count / 20)
  }

  @Test("A short budget shortens the sessions and keeps their number")
  func budget() throws {
    let result = try gate(options: GateOptions(budget: 38.3), secondsPerSession: 0.8)
    #expect(result.cases[0].screening?.sessions == GateOptions.defaultSessions)
    #expect(
      result.rounds.count < 4 * GateOptions.defaultSessions * GateOptions.defaultRounds)
  }

  @Test("A budget ends a gate whatever else was asked for, and what it did not decide stays so")
  func spentBudget() throws {
    let few = try gate(
      options: GateOptions(sessions: 1_000_000, budget: 10), secondsPerSession: 1)
    #expect(few.launches == 2 * 5)
    #expect(few.report.exitCode == 4)
    // The clock stands still inside a session, so the session's own share is spent at once.
    let short = try gate(
      options: GateOptions(sessions: 2, rounds: 1_000_000, budget: 1e-9), secondsPerSession: 1)
    #expect(short.launches == 2)
    #expect(short.rounds.count == 4 * 4)
  }

  @Test("An interruption ends the gate with what there is, and exit code 130")
  func interrupted() throws {
    let result = try gate(interruptAfterSessions: 10)
    #expect(result.report.exitCode == 130)
    #expect(result.launches <= 22)
  }

  @Test("Cases of unchanged machine code are not measured, and say why; the others are")
  func skipped() throws {
    let result = try gate(unchanged: [0])
    #expect(result.cases[0].status == .skipped)
    #expect(result.cases[0].reason == "machine code unchanged")
    #expect(result.cases.map(\.isUnchanged) == [true, false, false, false])
    #expect(result.cases[0].verdict == nil)
    #expect(result.cases[0].cells.last == "unchanged")
    #expect(!result.rounds.contains { $0.problem == 0 })
    #expect(result.cases[1].verdict == "same")
  }

  @Test("Where all machine code is unchanged, the gate passes without a process")
  func allSkipped() throws {
    let result = try gate(new: .init(factors: ["a": 2]), unchanged: [0, 1, 2, 3])
    #expect(result.launches == 0)
    #expect(result.report.exitCode == 0)
    #expect(try gate(unchanged: nil).cases.allSatisfy { $0.isUnchanged == nil })
  }
}

extension GatePolicy {
  fileprivate static let madeUp = GatePolicy(noiseFloor: 0.005, noiseFloorSource: "made up")
}
