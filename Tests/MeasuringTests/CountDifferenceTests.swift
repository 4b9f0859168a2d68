// SPDX-License-Identifier: Apache-2.0

import Counters
import Planning
import Suites
import Testing

@testable import Measuring

@Suite("Simulated counts of two builds")
struct CountDifferenceTests {
  private func row(_ name: String, kernel: String = "k", reason: String? = nil) -> SimulatedRow {
    var row = SimulatedRow(
      PlanEntry(
        suiteCase: SuiteCase(name: name, steps: []),
        contender: .unsupported(name: kernel, reason: ""), workers: 1, cache: .warm), suite: "s")
    row.reason = reason
    return row
  }

  private func counts(_ entries: [(SimulatedRow, [String: Double])]) -> SimulatedCounts {
    SimulatedCounts(entries: entries.map { SimulatedCounts.Entry(row: $0, counts: $1) })
  }

  private func verdicts(
    _ base: [String: Double], _ new: [String: Double], _ limits: CountLimits = CountLimits()
  ) -> [CountDifference.Verdict] {
    counts([(row("a"), new)]).differences(from: counts([(row("a"), base)]), limits: limits)
      .map(\.verdict)
  }

  @Test(
    "Half a percent may be added, and no more than that",
    arguments: [
      (1_004_999.0, CountDifference.Verdict.same), (1_005_001, .more), (995_001, .same),
      (994_999, .less), (1_000_000, .same),
    ])
  func limit(_ new: Double, _ verdict: CountDifference.Verdict) {
    #expect(verdicts(["PAPI_TOT_INS": 1_000_000], ["PAPI_TOT_INS": new]) == [verdict])
  }

  @Test("An event may have a limit of its own, and a few events more are none")
  func ownLimit() {
    let limits = CountLimits(["a": 0.1])
    #expect(verdicts(["a": 1e6, "b": 1e6], ["a": 1.09e6, "b": 1.09e6], limits) == [.same, .more])
    #expect(verdicts(["a": 3, "b": 0], ["a": 4, "b": 100]) == [.same, .same])
    #expect(verdicts(["b": 0], ["b": 101]) == [.more])
  }

  @Test("Functions that execute more or less are named, by what all cases come to")
  func functions() {
    func counts(_ cases: [[String: Double]]) -> SimulatedCounts {
      SimulatedCounts(
        entries: cases.map {
          var entry = SimulatedCounts.Entry(row: row("a"), counts: [:])
          entry.functions = $0
          return entry
        })
    }
    let base = counts([["tile": 60_000, "same": 9, "gone": 500], ["tile": 40_000, "few": 5]])
    let new = counts([["tile": 60_000, "same": 9, "few": 100], ["tile": 43_000, "added": 500]])
    let found = new.changedFunctions(from: base)
    #expect(found.map(\.name) == ["tile", "added", "gone"])
    #expect(found.map(\.base) == [100_000, 0, 500] && found.map(\.new) == [103_000, 500, 0])
    #expect(base.changedFunctions(from: base).isEmpty)
  }

  @Test("What one build lacks has a reason and no verdict")
  func missing() {
    let base = counts([(row("a"), ["e": 1]), (row("b", reason: "cold"), [:]), (row("d"), ["e": 1])])
    let new = counts([(row("a"), ["f": 1]), (row("b"), ["e": 1]), (row("c"), ["e": 1])])
    let differences = new.differences(from: base, limits: CountLimits())
    #expect(differences.map(\.verdict) == Array(repeating: .unknown, count: 5))
    #expect(differences.map(\.event) == ["e", "f", "", "", ""])
    #expect(differences[2].reason == "base: cold")
    #expect(differences[3].reason == "the other build has no such case and kernel")
    #expect(differences[4].row.caseName == "d")
  }

  @Test("Another kernel for the same case is compared, unless a case has several")
  func otherKernel() {
    let base = counts([(row("a", kernel: "old"), ["e": 1e6])])
    let new = counts([(row("a", kernel: "new"), ["e": 2e6])])
    #expect(new.differences(from: base, limits: CountLimits()).map(\.verdict) == [.more])
    let several = counts([(row("a", kernel: "x"), ["e": 1]), (row("a", kernel: "y"), ["e": 1])])
    let verdicts = several.differences(from: base, limits: CountLimits()).map(\.verdict)
    #expect(verdicts == [.unknown, .unknown, .unknown])
  }
}
