// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters
import Foundation
import Planning
import Suites
import Machine
import Testing

@testable import Measuring

@Suite("What a simulating child leaves")
struct SimulatedCountsTests {
  private func entry(_ name: String) throws -> PlanEntry {
    PlanEntry(
      suiteCase: SuiteCase(name: name, steps: [try ProblemDescriptor.parse("ic2ih4oc2kh1")]),
      contender: .variants([NaiveVariant()]), workers: 1, cache: .warm)
  }

  /// The counts of a child that ran entries `a` and `b` of `a`, `b`, `c` and then died; it could
  /// not simulate `b`.
  private func counts() throws -> SimulatedCounts {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var rows = [SimulatedRow(try entry("a"), suite: "s"), SimulatedRow(try entry("b"), suite: "s")]
    rows[0].dump = 1
    rows[1].reason = "because"
    try SimulatedCounts.write(rows, into: folder)
    try Data("events: Ir Dr Dw\ntotals: 12 3 4\n".utf8)
      .write(to: folder.appending(path: "counts.1"))
    var counts = try SimulatedCounts(readingFrom: folder)
    counts.earlyEnd = "it died"
    return counts
  }

  @Test("Each entry has its own counts, or why it has none")
  func readings() throws {
    let counts = try counts()
    let group = CounterGroup(eventNames: ["PAPI_TOT_INS", "PAPI_BR_MSP"])
    func readings(_ name: String, suite: String = "s") throws -> [CounterReading] {
      counts.readings(of: try entry(name), suite: suite, group: group)
    }
    #expect(try readings("a").map(\.value) == [12, nil])
    #expect(try readings("a")[0].source.kind == .simulated)
    #expect(try readings("b").map(\.source.reason) == ["because", "because"])
    #expect(try readings("c").map(\.source.reason) == ["it died", "it died"])
    #expect(try readings("a", suite: "other").map(\.source.reason) == ["it died", "it died"])
  }

  @Test("Outside of Valgrind nothing is simulated, and what it cannot do says so")
  func outside() throws {
    #expect(!CaseSimulator.isSimulated)
    var simulator = CaseSimulator(seed: 1)
    var several = try entry("a")
    several.workers = 2
    #expect(
      simulator.count(several, suite: "s").reason
        == "simulated with one worker only; --workers 1 has the counts of the same work")
    var cold = try entry("a")
    cold.cache = .cold
    #expect(simulator.count(cold, suite: "s").reason == "simulated with warm caches only")
    // The requests to Valgrind change nothing outside of it, and the files are numbered from 1.
    #expect(simulator.count(try entry("a"), suite: "s").dump == 1)
    #expect(simulator.count(try entry("b"), suite: "s").dump == 2)
  }

  @Test("A plan reaches the simulated process as data, without what cannot be simulated there")
  func task() throws {
    var entries = try ["a", "b", "c", "d"].map(entry)
    entries[1].workers = 2
    entries[2].cache = .coldFilter
    var wide = NaiveVariant()
    wide.instructionSet = .avx512
    entries[3].contender = .variants([wide])
    let plan = Plan(groups: [PlanGroup(suite: "s", axisNames: [], entries: entries, pairs: [])])
    var options = MeasuringOptions(seed: 7)
    options.slowDown = SlowDown(share: 0.1, pattern: "g4*")
    let given = SimulationTask(plan, options, instructionSets: [.baseline, .avx512])
    let (task, refused) = given.sorted()
    #expect(task.entries.map(\.entry.suiteCase.name) == ["a"])
    #expect(task.instructionSets == [.baseline])
    #expect(refused.map(\.caseName) == ["b", "c", "d"])
    let words = ["one worker only", "warm caches only", "does not know AVX-512"]
    for (row, word) in zip(refused, words) { #expect(row.reason?.contains(word) == true) }
    let data = try task.encoded()
    #expect(try task.encoded() == data)
    let read = try SimulationTask(data) { sets in
      #expect(sets == [.baseline])
      return Implementations(variants: [NaiveVariant()])
    }
    #expect(read.entries.map(\.suite) == ["s"] && read.seed == 7)
    #expect(read.entries.map(\.entry.contender.kernel) == ["naive/nchw"])
    #expect(read.slowDown?.matches("g4ic8") == true)
    let error = #expect(throws: DecodingError.self) {
      try SimulationTask(data) { _ in Implementations(variants: []) }
    }
    #expect("\(try #require(error))".contains("no kernel naive/nchw"))
  }

  @Test("The simulated caches are those of this machine")
  func caches() {
    let caches = SimulatedCaches.current()
    let first = CacheLevel.all.first { $0.level == 1 }?.bytes
    #expect(caches.data.bytes == first)
    #expect(caches.lastLevel.bytes >= caches.data.bytes)
  }
}
