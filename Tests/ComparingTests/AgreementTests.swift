// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Comparing

@Suite("What stored runs agree about")
struct AgreementTests {
  /// A run whose comparisons are `rows`: name, workers, verdict, realised, contender's kernel.
  private func run(
    cpu: String, suite: String = "quick", rows: [(String, Int, String, Double, String)],
    type: String? = nil
  ) throws -> RunFixture {
    let fixture = try RunFixture(cpu: cpu, suite: suite, cases: [])
    var text =
      "suite,comparison,baseline_kernel,contender_kernel,workers,cache,speedup,speedup_lo,"
      + "speedup_hi,realised,verdict,status,reason" + (type == nil ? "\n" : ",data_type\n")
    for (name, workers, verdict, realised, kernel) in rows {
      text +=
        "\(suite),\(name),base,\(kernel),\(workers),warm,2,1.9,2.1,\(realised),\(verdict),ok,"
        + (type.map { ",\($0)\n" } ?? "\n")
    }
    try text.write(
      to: fixture.url.appending(path: "\(suite)/comparisons.csv"), atomically: false,
      encoding: .utf8)
    return fixture
  }

  @Test("holds, differs or is undecided, with the spread of what was realised")
  func answers() throws {
    let first = try run(
      cpu: "EPYC",
      rows: [
        ("holds", 1, "faster", 0.9, "avx2"), ("differs", 1, "faster", 0.8, "avx2"),
        ("undecided", 1, "inconclusive", 1, "avx2"), ("alone", 1, "same", 1, "avx2"),
      ])
    let second = try run(
      cpu: "Xeon",
      rows: [
        ("holds", 1, "faster", 0.6, "avx512"), ("differs", 1, "slower", 0.2, "avx512"),
        ("undecided", 1, "faster", 1, "avx512"),
      ])
    let agreement = try Agreement([try first.stored(), try second.stored()])
    #expect(agreement.columns.map(\.text) == ["epyc, 1 worker", "xeon, 1 worker"])
    #expect(agreement.rows.map(\.name) == ["differs", "holds", "undecided"])
    #expect(agreement.rows.map(\.answer) == [.differs, .holds, .undecided])
    #expect(agreement.rows[1].realised == 0.6...0.9)
    #expect(agreement.rows[0].cells[1]?.contenderKernel == "avx512")
    #expect(
      agreement.sentence
        == "1 differs, 1 holds everywhere, 1 undecided of 3 comparisons; 1 more in one column only"
    )
    let fact = agreement.facts.first { $0.key == "cpuModel" }
    #expect(fact?.values == ["EPYC", "Xeon"])
    #expect(fact?.isOfMachine == true)
    #expect(!agreement.facts.contains { $0.key == "revision" })
  }

  @Test("instruction sets whose peaks were measured are among what could explain it")
  func instructionSets() throws {
    func measured(_ cpu: String, _ sets: [String]) throws -> RunFixture {
      let fixture = try run(cpu: cpu, rows: [("a", 1, "faster", 1, "k")])
      let file = fixture.url.appending(path: "run.json")
      var record =
        try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
      let peaks: [[String: Any]] = sets.map {
        ["instructionSet": $0, "workers": 1, "gflopPerSecond": 100]
      }
      record["limits"] = ["peaks": peaks + peaks]
      try JSONSerialization.data(withJSONObject: record).write(to: file)
      return fixture
    }
    let first = try measured("EPYC", ["baseline", "avx2", "scalar"])
    let second = try measured("Xeon", ["baseline"])
    let agreement = try Agreement([try first.stored(), try second.stored()])
    let fact = agreement.facts.first { $0.key == "instruction sets" }
    #expect(fact?.values == ["baseline, avx2", "baseline"])
    #expect(fact?.isOfMachine == true)
  }

  @Test("a worker count and an element type are columns of their own")
  func columns() throws {
    let f32 = try run(
      cpu: "EPYC", rows: [("a", 1, "faster", 1, "k"), ("a", 2, "slower", 1, "k")], type: "f32")
    let bf16 = try run(cpu: "EPYC", rows: [("a", 1, "faster", 1, "k")], type: "bf16")
    let agreement = try Agreement([try f32.stored(), try bf16.stored()])
    #expect(
      agreement.columns.map(\.text)
        == ["epyc, 1 worker, f32", "epyc, 2 workers, f32", "epyc, 1 worker, bf16"])
    #expect(agreement.columns.map(\.label) == ["A", "B", "C"])
    #expect(agreement.rows.map(\.answer) == [.differs])
  }

  @Test("rows of one name are told apart by the kernel that varies, whatever the other one is")
  func kernels() throws {
    let first = try run(
      cpu: "EPYC", rows: [("a", 1, "faster", 1, "onednn"), ("a", 1, "slower", 1, "openblas")])
    let second = try run(
      cpu: "Xeon", rows: [("a", 1, "slower", 1, "openblas"), ("a", 1, "same", 1, "onednn")])
    let agreement = try Agreement([try first.stored(), try second.stored()])
    #expect(agreement.rows.map(\.name) == ["a, onednn", "a, openblas"])
    #expect(agreement.rows.map(\.answer) == [.differs, .holds])
  }

  @Test("runs of one machine without a common comparison are one column, others are two")
  func parts() throws {
    let quick = try run(cpu: "EPYC", rows: [("a", 1, "faster", 1, "k")])
    let other = try run(cpu: "EPYC", suite: "other", rows: [("a", 1, "faster", 1, "k")])
    let again = try run(cpu: "EPYC", rows: [("a", 1, "slower", 1, "k")])
    let agreement = try Agreement([
      try quick.stored(), try other.stored(), try again.stored(),
    ])
    #expect(agreement.columns.map(\.paths.count) == [2, 1])
    #expect(agreement.rows.map(\.answer) == [.differs])
    #expect(agreement.alone == 1)
  }

  @Test("nothing in two columns is an error with the folders")
  func nothingShared() throws {
    let first = try run(cpu: "EPYC", rows: [("a", 1, "faster", 1, "k")])
    let second = try run(cpu: "Xeon", rows: [("b", 1, "faster", 1, "k")])
    let error = #expect(throws: ComparingError.self) {
      try Agreement([try first.stored(), try second.stored()])
    }
    #expect(error?.description.contains(first.url.path) == true)
  }

  @Test("a damaged comparisons.csv is refused with its line")
  func damage() throws {
    let fixture = try run(cpu: "EPYC", rows: [("a", 1, "faster", 1, "k")])
    let file = fixture.url.appending(path: "quick/comparisons.csv")
    let text = try String(contentsOf: file, encoding: .utf8).replacing(",2,1.9", with: ",two,1.9")
    try text.write(to: file, atomically: false, encoding: .utf8)
    let error = #expect(throws: ComparingError.self) { try Agreement([try fixture.stored()]) }
    #expect(error?.description.contains("comparisons.csv:2: column speedup is ‘two’") == true)
  }

  @Test("of a history the newest complete run of each suite and CPU set counts")
  func history() throws {
    let history = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID())")
    defer { try? FileManager.default.removeItem(at: history) }
    func put(_ place: String, _ start: String, _ verdict: String, cpus: [Int], ends: Bool) throws {
      let fixture = try run(cpu: "EPYC", rows: [("a", 1, verdict, 1, "k")])
      let file = fixture.url.appending(path: "run.json")
      var record =
        try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
      var environment = record["environment"] as? [String: Any] ?? [:]
      environment["allowedCPUs"] = cpus
      environment["onlineCPUs"] = 2
      record["environment"] = environment
      record["startedAt"] = start
      record["endedAt"] = ends ? start : nil
      try JSONSerialization.data(withJSONObject: record).write(to: file)
      let folder = history.appending(path: place)
      try FileManager.default.createDirectory(
        at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: fixture.url, to: folder)
    }
    try put("first/1", "2026-01-01T00:00:00Z", "slower", cpus: [0], ends: true)
    try put("first/2", "2026-01-02T00:00:00Z", "faster", cpus: [0], ends: true)
    try put("first/3", "2026-01-03T00:00:00Z", "slower", cpus: [0], ends: false)
    try put("4", "2026-01-01T00:00:00Z", "faster", cpus: [1], ends: true)
    let agreement = try Agreement(try RunHistory.runs(history))
    #expect(
      agreement.columns.map(\.text) == ["epyc, CPUs 1, 1 worker", "epyc, CPUs 0, 1 worker"])
    #expect(agreement.rows.map(\.answer) == [.holds])
  }

  @Test("a run that was stored without its rounds still agrees, and is not compared")
  func withoutRounds() throws {
    let fixture = try RunFixture(cases: [.init(name: "a", times: RunFixture.times(100))])
    try FileManager.default.removeItem(at: fixture.url.appending(path: "quick/samples.csv"))
    #expect(try RunHistory.runs(fixture.url).first?.cases.contains { $0.isTimed } == false)
    #expect(throws: ComparingError.self) { try StoredRun(fixture.url) }
  }

  @Test("a folder that is missing, and one that holds no run, are told apart")
  func noRuns() throws {
    let nowhere = URL(filePath: "/nonexistent/run")
    #expect(throws: ComparingError.missing(path: "/nonexistent/run")) {
      try RunHistory.runs(nowhere)
    }
    let empty = FileManager.default.temporaryDirectory.appending(path: "history-\(UUID())")
    try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: empty) }
    let error = #expect(throws: ComparingError.self) { try RunHistory.runs(empty) }
    #expect(error?.description.contains("it has no run.json") == true)
  }
}
