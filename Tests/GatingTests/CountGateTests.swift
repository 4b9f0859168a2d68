// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Measuring
import Testing

@testable import Gating

@Suite("A gate by simulated counts")
struct CountGateTests {
  typealias Entry = SimulatedCounts.Entry

  private func entry(
    _ name: String, _ counts: [String: Double], kernel: String = "k", reason: String? = nil
  ) -> Entry {
    var row = SimulatedRow(suite: "s", caseName: name, kernel: kernel, workers: 1, cache: "warm")
    row.reason = reason
    return Entry(row: row, counts: counts)
  }

  private func report(
    base: [Entry], new: [Entry], limits: [String: Double] = [:],
    inconclusive: GatePolicy.Inconclusive = .pass, newEnds: String? = nil,
    isInterrupted: Bool = false
  ) -> CountGateReport {
    var report = CountGateReport(
      version: "0", startedAt: "2026-01-01T00:00:00Z", against: "old", machine: "m", builds: [:],
      policy: CountGatePolicy(limits: limits, inconclusive: inconclusive))
    var counts = SimulatedCounts(entries: new)
    counts.earlyEnd = newEnds
    report.conclude(
      base: SimulatedCounts(entries: base), new: counts, isInterrupted: isInterrupted)
    return report
  }

  @Test(
    "More than the limit is exit code 2, less and the same are 0",
    arguments: [(1_006_000.0, 2, "more"), (1_004_000, 0, "same"), (900_000, 0, "less")])
  func verdicts(_ count: Double, _ code: Int, _ verdict: String) {
    let report = report(
      base: [entry("a", ["PAPI_TOT_INS": 1_000_000])], new: [entry("a", ["PAPI_TOT_INS": count])])
    #expect(report.exitCode == code)
    #expect(report.cases.map(\.verdict?.rawValue) == [verdict])
    #expect(report.cells.map(\.last) == [verdict])
  }

  @Test("An event with a limit of its own is judged by that, the others by 0.5 %")
  func ownLimits() {
    let base = [entry("a", ["PAPI_BR_MSP": 1e6, "PAPI_TOT_INS": 1e6])]
    let new = [entry("a", ["PAPI_BR_MSP": 1.04e6, "PAPI_TOT_INS": 1.004e6])]
    #expect(report(base: base, new: new).exitCode == 2)
    #expect(report(base: base, new: new, limits: ["PAPI_BR_MSP": 0.05]).exitCode == 0)
    #expect(report(base: base, new: new, limits: ["PAPI_TOT_INS": 0.001]).cells.count == 2)
  }

  @Test("Misses that depend on places may grow more, unless a limit is asked for")
  func placedMisses() {
    let base = [entry("a", ["PAPI_L1_DCM": 2000, "PAPI_L3_TCM": 2000])]
    let moved = [entry("a", ["PAPI_L1_DCM": 2400, "PAPI_L3_TCM": 2000])]
    #expect(report(base: base, new: moved).exitCode == 0)
    #expect(report(base: base, new: moved, limits: ["PAPI_L1_DCM": 0.1]).exitCode == 2)
    let more = [entry("a", ["PAPI_L1_DCM": 2600, "PAPI_L3_TCM": 2000])]
    #expect(report(base: base, new: more).exitCode == 2)
    let last = [entry("a", ["PAPI_L1_DCM": 2000, "PAPI_L3_TCM": 2200])]
    #expect(report(base: base, new: last).exitCode == 2)
  }

  @Test("The worst event decides a case, and a case without counts decides nothing")
  func worst() {
    let base = [
      entry("a", ["x": 1e6, "y": 1e6]), entry("b", [:], reason: "cold"), entry("c", ["x": 1e6]),
    ]
    let new = [
      entry("a", ["x": 0.5e6, "y": 2e6]), entry("b", [:], reason: "cold"), entry("d", ["x": 1e6]),
    ]
    let report = report(base: base, new: new)
    #expect(report.cases.map(\.name) == ["a", "b", "d", "c"])
    #expect(report.cases.map(\.verdict) == [.more, nil, nil, nil])
    #expect(report.cases.map(\.status) == [.ok, .skipped, .skipped, .skipped])
    #expect(report.cases.allSatisfy { ($0.status == .ok) == $0.reason.isEmpty })
  }

  @Test("Nothing compared is exit code 4, and so is a gap where the user wants none")
  func inconclusive() {
    let cold = entry("b", [:], reason: "cold")
    let fine = entry("a", ["x": 1e6])
    #expect(report(base: [cold], new: [cold]).exitCode == 4)
    #expect(report(base: [], new: []).exitCode == 4)
    #expect(report(base: [fine, cold], new: [fine, cold]).exitCode == 0)
    #expect(report(base: [fine, cold], new: [fine, cold], inconclusive: .fail).exitCode == 4)
  }

  @Test("What only the base computes, and an early end of the new build, are failures")
  func failures() {
    let (fine, other) = (entry("a", ["x": 1e6]), entry("b", ["x": 1e6]))
    let broken = entry("b", [:], reason: "it fails")
    #expect(report(base: [fine, other], new: [fine, broken]).exitCode == 1)
    #expect(report(base: [fine, broken], new: [fine, other]).exitCode == 0)
    let ended = report(base: [fine, other], new: [fine], newEnds: "it ended with 6")
    #expect(ended.exitCode == 1)
    #expect(ended.markdown().contains("new: it ended with 6"))
    #expect(report(base: [fine], new: [fine], isInterrupted: true).exitCode == 130)
  }

  @Test("gate.json and Markdown say what was compared")
  func texts() throws {
    let report = report(
      base: [entry("a", ["PAPI_TOT_INS": 1e6], kernel: "old|1")],
      new: [entry("a", ["PAPI_TOT_INS": 1.1e6], kernel: "new|1")])
    let json = try #require(
      try JSONSerialization.jsonObject(with: report.json()) as? [String: Any])
    #expect(json["kind"] as? String == "counts")
    #expect(json["exit_code"] as? Int == 2)
    let one = try #require((json["cases"] as? [[String: Any]])?.first)
    #expect(one["base_kernel"] as? String == "old|1")
    let count = try #require((one["counts"] as? [[String: Any]])?.first)
    #expect(count["ratio"] as? Double == 1.1)
    #expect(count["limit"] as? Double == 0.005)
    let markdown = report.markdown()
    #expect(
      markdown.contains(
        "| s: a | new\\|1 | PAPI_TOT_INS | 1000000 | 1100000 | +10.0000 % | 0.50 % | more |"))
    #expect(markdown.contains("computed with new\\|1, in the base with old\\|1"))
  }

  @Test("Of a stored run, simulated counts are read, and caches make a machine another one")
  func stored() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(
      into: folder,
      """
      suite,case,kernel,workers,cache,status,time_ns_median,\
      counter:A,counter_source:A,counter:B,counter_source:B
      s,one,k,1,warm,ok,1,12.0,simulated as callgrind Ir,3.0,hardware
      s,two,k,1,warm,ok,1,,unavailable: because,,unavailable: because
      s,three,k,1,warm,ok,1,5.0,simulated as callgrind Ir,,unavailable: because

      """)
    let stored = try StoredCounts(folder)
    #expect(stored.counts.entries.map(\.row.caseName) == ["one", "three"])
    #expect(stored.counts.entries.map(\.counts) == [["A": 12], ["A": 5]])
    let here = SimulatedCounts(entries: [entry("one", ["A": 1])])
    #expect(stored.counts(asIn: here) { $0 == "one" }.entries.count == 1)
    #expect(stored.counts(asIn: SimulatedCounts(entries: [])) { _ in true }.entries.isEmpty)
    var environment = stored.run.environment
    environment["governor"] = "powersave"
    #expect(stored.differences(to: environment).ofMachine.isEmpty)
    environment["caches.0.bytes"] = "1"
    #expect(stored.differences(to: environment).ofMachine.map(\.key) == ["caches.0.bytes"])
  }

  private func write(into folder: URL, _ measurements: String) throws {
    let suite = folder.appending(path: "s")
    try FileManager.default.createDirectory(at: suite, withIntermediateDirectories: true)
    let record =
      #"{"schema": 1, "suites": ["s"], "startedAt": "2026-11-30T12:00:00Z","#
      + #" "environment": {"machine": "m", "governor": "x","#
      + #" "caches": [{"level": 1, "bytes": 32768}]}}"#
    try Data(record.utf8).write(to: folder.appending(path: "run.json"))
    try Data(measurements.utf8).write(to: suite.appending(path: "measurements.csv"))
    try Data("suite,case,kernel,workers,cache,time_ns\n".utf8)
      .write(to: suite.appending(path: "samples.csv"))
  }
}
