// SPDX-License-Identifier: Apache-2.0

import Children
import Convolution
import Counters
import Foundation
import Planning
import Statistics
import Suites
import Testing

@testable import Measuring

@Suite("Rounds spread over fresh processes")
struct ProcessSpreadTests {
  private let group: PlanGroup

  init() throws {
    let entries = try ["ic2ih3oc2kh3ph1", "g2ic2ih3oc2kh3ph1"].map { descriptor in
      PlanEntry(
        suiteCase: SuiteCase(name: descriptor, steps: [try ProblemDescriptor.parse(descriptor)]),
        contender: .variants([NaiveVariant()]), workers: 1, cache: .warm)
    }
    group = PlanGroup(
      suite: "s", axisNames: [], entries: entries,
      pairs: [PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])])
  }

  /// What a process finds whose cases take `times` in every round, but for the round's own factor.
  private func parts(_ times: [Double], rounds: [Double] = [1, 1.1, 0.9]) -> [CasePart] {
    zip(group.entries, times).map { entry, time in
      var result = CaseResult(entry: entry, status: .ok)
      result.samples = rounds.map { $0 * time }
      result.rounds = rounds.map { _ in Disturbance(nanoseconds: time) }
      result.iterations = 7
      result.warmUp = 5
      result.stoppedBy = "precision"
      result.shares = [WorkerShare(worker: 0, cpu: 3, busyNanoseconds: time, tasks: 4)]
      result.counters = [
        [CounterReading(name: "c", value: time, source: Provenance(.software))]
      ]
      return CasePart(result)
    }
  }

  private func measure(
    _ count: Int, interruption: Interruption = Interruption(),
    _ launch: @escaping ProcessSpread.Launch
  ) -> GroupResult {
    ProcessSpread(count: count, interruption: interruption, launch: launch)
      .measure(group, budget: 40, noiseFloor: 0.01) { _ in }
  }

  @Test("are merged, and each process has one voice in the intervals")
  func merged() throws {
    // Process 7 is an outlier, as a process with unlucky memory is.
    let base = [100, 101, 102, 103, 104, 105, 106, 300].map { Double($0) }
    let result = measure(8) { task in parts([base[task.process], base[task.process] / 2]) }
    let first = result.cases[0]
    #expect(first.samples.count == 24)
    #expect(first.processes == (0..<8).flatMap { [$0, $0, $0] })
    #expect(first.processCount == 8)
    #expect(first.time == Estimate(median: 103.5, lower: 100, upper: 300, minimum: 90, count: 24))
    #expect(first.counters[0][0].value == base.reduce(0, +) / 8)
    #expect(first.shares[0].busyNanoseconds == base.reduce(0, +) / 8)
    #expect(first.stoppedBy == "precision")
    let speedup = try #require(result.pairs[0].speedup)
    #expect(speedup.rounds == 8)
    #expect(abs(speedup.ratio - 2) < 1e-12)
    #expect(result.pairs[0].verdict == .faster)
  }

  @Test("leave out what is not counted")
  func uncounted() {
    let result = measure(6) { task in
      var parts = parts([100, 50], rounds: [1, 1, 1, 9])
      for place in parts.indices { parts[place].counted = [true, true, true, false] }
      return parts
    }
    #expect(result.cases[0].time?.median == 100)
    #expect(result.cases[0].time?.count == 18)
    #expect(result.cases[0].countedSamples.count == 18)
    // A ratio goes through logarithms, so its last bits may differ.
    #expect(abs((result.pairs[0].speedup?.ratio ?? 0) - 2) < 1e-12)
  }

  @Test("whose rounds were all disturbed have no voice, and too few others decide nothing")
  func disturbed() {
    /// `calm` of eight processes have calm rounds.
    func measured(_ calm: Int) -> GroupResult {
      measure(8) { task in
        var parts = parts([100, 50])
        for place in parts.indices where task.process >= calm {
          parts[place].counted = [false, false, false]
          parts[place].rounds = parts[place].rounds.map { round in
            var round = round
            round.add([LostTime(nanoseconds: 9, switches: 1)], of: 10)
            return round
          }
          parts[place].status = .disturbed
          parts[place].reason = "undecided (disturbed)"
        }
        return parts
      }
    }
    let few = measured(5)
    #expect(few.cases.map(\.status) == [.disturbed, .disturbed])
    #expect(few.cases[0].reason.contains("5 of 8 processes"))
    #expect(few.pairs[0].status == .disturbed)
    #expect(few.pairs[0].speedup == nil && few.pairs[0].verdict == .inconclusive)
    let enough = measured(6)
    #expect(enough.cases.map(\.status) == [.ok, .ok])
    #expect(enough.pairs[0].speedup?.rounds == 6)
    #expect(enough.pairs[0].verdict == .faster)
    #expect(measured(0).cases[0].time == nil)
  }

  @Test("are too few for an interval below six processes")
  func fewProcesses() {
    let result = measure(5) { _ in parts([100, 50]) }
    #expect(result.cases[0].time?.lower == nil)
    #expect(result.pairs[0].verdict == .inconclusive)
  }

  @Test("have equal shares of the time, and the first one's iterations")
  func tasks() {
    var tasks: [ProcessSpread.Task] = []
    _ = measure(4) { task in
      tasks.append(task)
      return parts([100, 50])
    }
    #expect(tasks.map(\.process) == [0, 1, 2, 3])
    #expect(tasks.allSatisfy { $0.group.entries.count == 2 && $0.budget == 10 })
    let visits = GroupVisits(warmUp: WarmUp(iterations: 5), iterations: [7, 7])
    #expect(tasks.map(\.visits) == [nil, visits, visits, visits])
  }

  @Test("are usual where a few groups compare something, and nowhere else")
  func usual() {
    func count(_ groups: Int, pairs: Bool = true, externals: Bool = false) -> Int {
      var one = group
      if !pairs { one.pairs = [] }
      return ProcessSpread.usualCount(
        for: Plan(groups: Array(repeating: one, count: groups)), hasExternals: externals)
    }
    #expect(count(3) == ProcessSpread.usualCount)
    #expect(count(17) == 1)
    #expect(count(3, pairs: false) == 1)
    #expect(count(3, externals: true) == 1)
    // Thirteen values decide over a dozen cases.
    #expect(ProcessSpread.usualCount >= 13)
  }

  @Test("tell of a process that gives no answer, or one for other entries")
  func brokenProcess() {
    let silent = measure(8) { $0.process == 3 ? nil : parts([100, 50]) }
    #expect(silent.cases.allSatisfy { $0.status == .failed && $0.time == nil })
    #expect(silent.cases[0].reason == "process 3: its process gave no answer")
    #expect(silent.pairs[0].status == .failed)
    let other = measure(8) { _ in Array(parts([100, 50]).dropLast()) }
    #expect(other.cases[0].reason == "its process gave no answer")
  }

  @Test("are wrong where one process is")
  func wrong() {
    let result = measure(8) { task in
      var found = parts([100, 50])
      guard task.process == 2 else { return found }
      found[1] = CasePart(
        CaseResult(entry: group.entries[1], status: .wrong, reason: "off by one"))
      return found
    }
    #expect(result.cases.map(\.status) == [.ok, .wrong])
    #expect(result.cases[1].reason == "process 2: off by one")
    #expect(result.cases[1].samples.isEmpty)
    #expect(result.pairs[0].status == .wrong)
  }

  @Test("end early where nothing works, with the plain reason")
  func unsupported() {
    var count = 0
    let result = measure(8) { _ in
      count += 1
      return group.entries.map {
        CasePart(CaseResult(entry: $0, status: .unsupported, reason: "because"))
      }
    }
    #expect(count == 1)
    #expect(result.cases[0].status == .unsupported)
    #expect(result.cases[0].reason == "because")
  }

  @Test("keep what was measured before an interruption")
  func interrupted() {
    let interruption = Interruption()
    let result = measure(8, interruption: interruption) { task in
      if task.process == 6 { interruption.request() }
      var found = parts([100, 50])
      if task.process == 6 {
        for place in found.indices { found[place].stoppedBy = "interrupted" }
      }
      return found
    }
    #expect(result.cases[0].processCount == 7)
    #expect(result.cases[0].stoppedBy == "interrupted")
    // One that had to be ended left nothing, and that is no fault of the case.
    let late = Interruption()
    let ended = measure(8, interruption: late) { task in
      if task.process == 6 { late.request() }
      return task.process == 6 ? nil : parts([100, 50])
    }
    #expect(ended.cases.allSatisfy { $0.status == .ok && $0.processCount == 6 })
    let before = Interruption()
    before.request()
    let none = measure(8, interruption: before) { _ in parts([1, 1]) }
    #expect(none.cases[0].status == .interrupted)
  }

  @Test("survive the way from process to process")
  func coding() throws {
    var found = parts([100, 50])
    found[0].counters = [
      [
        CounterReading(
          name: "c", value: nil, source: Provenance(.unavailable("why"), countedAs: "d")),
        CounterReading(name: "e", value: 2, source: Provenance(.scaled(0.25))),
      ]
    ]
    found[0].accuracy = AccuracyClass.fast.rawValue
    let again = try JSONDecoder().decode(
      [CasePart].self, from: try JSONEncoder().encode(found))
    #expect(again == found)
  }

  @Test("get their part of the plan as data, and look its kernels up in their own build")
  func task() throws {
    var options = MeasuringOptions(seed: 7)
    options.rounds = 3
    options.slowDown = SlowDown(share: 0.1, pattern: "g4*")
    options.visits = GroupVisits(warmUp: WarmUp(iterations: 5), iterations: [7, 7])
    let given = GroupTask(
      group: group, options: options, seconds: 2.5, workers: 2, externals: ["x": ["a", "b c"]],
      counters: [CounterEvent(name: "c", alias: "d")], instructionSets: [.baseline])
    let data = try given.encoded()
    let read = try GroupTask(data) { sets in
      #expect(sets == [.baseline])
      return Implementations(variants: [NaiveVariant()])
    }
    #expect(read.group.entries.map(\.suiteCase) == group.entries.map(\.suiteCase))
    #expect(read.group.entries.map(\.contender.kernel) == group.entries.map(\.contender.kernel))
    #expect(read.group.pairs == group.pairs)
    #expect(read.options.visits == options.visits && read.options.rounds == 3)
    #expect(read.options.seed == 7 && read.seconds == 2.5 && read.workers == 2)
    #expect(read.options.slowDown?.share == 0.1 && read.options.slowDown?.matches("g4ic8") == true)
    #expect(read.externals == given.externals && read.counters == given.counters)
    // A build without the kernel says which one it lacks, and computes nothing in its place.
    let error = #expect(throws: DecodingError.self) {
      try GroupTask(data) { _ in Implementations(variants: []) }
    }
    #expect("\(try #require(error))".contains("no kernel naive/nchw"))
  }
}
