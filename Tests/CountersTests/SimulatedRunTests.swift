// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Workers

@testable import Counters

@Suite("Simulated counters in a whole run", .serialized)
struct SimulatedRunTests {
  private static let hasValgrind = ValgrindTool() != nil

  /// The simulated counts of a run's only row, by event.
  private func counts(_ run: ProgramRun) throws -> [String: Double] {
    let lines = try run.text("measurements.csv").split(separator: "\n")
    // Cells before the counters may hold quoted commas, those behind them do not.
    let names = try #require(lines.first).split(separator: ",", omittingEmptySubsequences: false)
    let cells = try #require(lines.last).split(separator: ",", omittingEmptySubsequences: false)
    let pairs = zip(names.reversed(), cells.reversed()).filter { $0.0.hasPrefix("counter:") }
    return Dictionary(
      uniqueKeysWithValues: pairs.map { (String($0.dropFirst(8)), Double($1) ?? .nan) })
  }

  @Test(
    "Two runs agree to 0.01 %, and only the kernel is counted",
    .enabled(if: hasValgrind, "needs Valgrind"))
  func deterministic() throws {
    let options = ["--counters", "simulated", "--require-counters", "--isa", "avx2"]
    let runs = try (0..<2).map { _ in try ProgramRun.small(options) }
    for run in runs { #expect(run.exitCode == 0, "\(run.standardError)") }
    let (first, second) = (try counts(runs[0]), try counts(runs[1]))
    #expect(Set(first.keys) == Set(SimulatedEvent.allCases.map(\.rawValue)))
    for (event, count) in first {
      let other = try #require(second[event])
      #expect(abs(count - other) <= 1e-4 * count, "\(event): \(count) and \(other)")
    }
    // 8 × 8 × 9 × 100 multiply-accumulates, 8 to an instruction. The reference alone, or packing
    // the tensors, would add several instructions for each.
    let macs = 57600.0
    let instructions = try #require(first["PAPI_TOT_INS"])
    #expect(instructions > macs / 8 && instructions < macs)
    #expect(try runs[0].text("measurements.csv").contains(",simulated as callgrind Ir,"))
  }

  @Test(
    "What is not simulated says why, and the run goes on",
    .enabled(if: hasValgrind, "needs Valgrind"))
  func notSimulated() throws {
    let run = try ProgramRun.small(["--counters", "simulated", "--cache", "cold"])
    #expect(run.exitCode == 0)
    #expect(try run.text("measurements.csv").contains("simulated with warm caches only"))
  }

  @Test(
    "Rows of more than one worker say that only one is simulated, beside those that have counts",
    .enabled(
      if: hasValgrind && AvailableCPUs.ids().count > 1,
      "needs Valgrind and two CPUs"))
  func twoWorkers() throws {
    let options = ["--counters", "simulated", "--isa", "avx2", "--workers", "1,2"]
    let run = try ProgramRun.small(options)
    #expect(run.exitCode == 0, "\(run.standardError)")
    let rows = try run.text("measurements.csv").split(separator: "\n").dropFirst()
    try #require(rows.count == 2)
    #expect(rows.allSatisfy { $0.contains(",ok,") })
    #expect(rows.count { $0.contains("simulated as callgrind Ir") } == 1)
    let reason = "unavailable: simulated with one worker only; --workers 1 has the counts"
    #expect(rows.count { $0.contains(reason) } == 1)
    #expect(try ProgramRun.small(options + ["--require-counters"]).exitCode == 4)
  }

  @Test("Without Valgrind the cells say what to install")
  func missing() throws {
    let run = try ProgramRun.small(
      ["--counters", "simulated", "--require-counters"], ["PATH": "/nonexistent"])
    #expect(run.exitCode == 4)
    #expect(try run.text("measurements.csv").contains("Valgrind is not installed"))
  }
}
