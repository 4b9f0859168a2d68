// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Workers

@testable import Counters

@Suite("A gate by simulated counts, from the command line", .serialized)
struct CountGateRunTests {
  private static let hasValgrind = ValgrindTool() != nil

  private func report(_ run: ProgramRun) throws -> [String: Any] {
    let data = try Data(contentsOf: run.folder.appending(path: "gate.json"))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func counts(_ run: ProgramRun) throws -> [[String: Any]] {
    let cases = try #require(try report(run)["cases"] as? [[String: Any]])
    return cases.flatMap { $0["counts"] as? [[String: Any]] ?? [] }
  }

  @Test(
    "A build against itself differs by at most 0.01 %, repeated work is exit code 2",
    .enabled(if: hasValgrind, "needs Valgrind"))
  func builds() throws {
    let same = try ProgramRun.countGate(["--against", ProgramRun.program.path()])
    #expect(same.exitCode == 0, "\(same.standardError)")
    let counts = try counts(same)
    #expect(counts.count == SimulatedEvent.allCases.count)
    for count in counts {
      let (base, new) = (try number(count, "base"), try number(count, "new"))
      #expect(abs(new - base) <= 1e-4 * base, "\(count)")
    }
    let slower = try ProgramRun.countGate(
      ["--against", ProgramRun.program.path(), "--slow-down", "*=30%"])
    #expect(slower.exitCode == 2, "\(slower.standardError)")
    #expect(slower.standardOutput.contains("Gate by counts: more work (exit code 2)"))
    #expect(try report(slower)["outcome"] as? String == "regression")
    let more = try self.counts(slower).filter { $0["verdict"] as? String == "more" }
    #expect(more.contains { $0["event"] as? String == "PAPI_TOT_INS" })
  }

  private func number(_ count: [String: Any], _ key: String) throws -> Double {
    try #require(count[key] as? Double)
  }

  @Test(
    "A stored run is a baseline where its counts are simulated, and of this machine's caches",
    .enabled(if: hasValgrind, "needs Valgrind"))
  func baseline() throws {
    let stored = try ProgramRun.small(["--counters", "simulated", "--isa", "avx2"])
    #expect(stored.exitCode == 0)
    let words = ["--baseline", stored.folder.path(), "--isa", "avx2"]
    let same = try ProgramRun.countGate(words)
    #expect(same.exitCode == 0, "\(same.standardError)")
    #expect(try counts(same).count == SimulatedEvent.allCases.count)
    let slower = try ProgramRun.countGate(words + ["--slow-down", "*=30%"])
    #expect(slower.exitCode == 2, "\(slower.standardError)")
    let file = stored.folder.appending(path: "run.json")
    let text = try String(contentsOf: file, encoding: .utf8)
    try text.replacing("\"machine\" : \"", with: "\"machine\" : \"other-").write(
      to: file, atomically: true, encoding: .utf8)
    let other = try ProgramRun.countGate(words)
    #expect(other.exitCode == 4)
    #expect(other.standardError.contains("of another machine; differences: machine: other-"))
  }

  @Test("A baseline without simulated counts is exit code 4 and says how to make one")
  func noCounts() throws {
    let stored = try ProgramRun.small([])
    let run = try ProgramRun.countGate(["--baseline", stored.folder.path()])
    #expect(run.exitCode == 4)
    if Self.hasValgrind {
      #expect(run.standardError.contains("accepted is one made with --counters simulated"))
    }
  }

  @Test("Without Valgrind nothing is decided")
  func noValgrind() throws {
    let run = try ProgramRun.countGate(
      ["--against", ProgramRun.program.path()], ["PATH": "/nonexistent"])
    #expect(run.exitCode == 4)
    #expect(run.standardError.contains("Valgrind is not installed"))
  }

  @Test(
    "Options that do not fit say what does",
    arguments: [
      (["--counts", "--limit", "PAPI_TOT_INS"], "--limit is ‘PAPI_TOT_INS’; accepted is EVENT="),
      (["--counts", "--limit", "CYCLES=1%"], "--limit is ‘CYCLES=1%’; accepted is EVENT="),
      (["--counts", "--limit", "PAPI_TOT_INS=0"], "a share above 0 and below 1"),
      (["--limit", "PAPI_TOT_INS=1%"], "--limit is about counts; it needs --counts"),
      (["--counts", "--rounds", "3"], "--rounds is about times; accepted beside --counts is"),
    ])
  func usage(_ words: [String], _ text: String) throws {
    let run = try ProgramRun(["gate", "--against", ProgramRun.program.path()] + words)
    #expect(run.exitCode == 64)
    #expect(run.standardError.contains(text), "\(run.standardError)")
  }

  @Test(
    "A case that is not simulated has its reason, and alone is exit code 4",
    .enabled(if: hasValgrind && AvailableCPUs.ids().count > 1, "needs 2 CPUs"))
  func twoWorkers() throws {
    let run = try ProgramRun.countGate(
      ["--against", ProgramRun.program.path(), "--workers", "2"])
    #expect(run.exitCode == 4, "\(run.standardError)")
    #expect(run.standardError.contains("simulated with one worker only"))
  }
}
