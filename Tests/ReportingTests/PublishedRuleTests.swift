// SPDX-License-Identifier: Apache-2.0

import Inputs
@testable import Measuring
import Suites
import Testing

@testable import Reporting

@Suite("Rules that were published, run again")
struct PublishedRuleTests {
  private let limits = MachineLimits(
    machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [], clockNanoseconds: 20)

  private static func table(_ columns: [String], _ rows: [[String: String]]) throws -> CSVTable {
    let cells = rows.map { row in
      let all = ["workers": "1", "cache": "warm", "status": "ok", "kernel": "k/x"]
        .merging(row) { $1 }
      return columns.map { all[$0] ?? "" }
    }
    return try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined())
  }

  /// The row of a comparison, as `comparisons.csv` has it.
  private static func row(
    _ name: String, _ bounds: ClosedRange<Double>?, promised: Double = 1, status: String = "ok"
  ) -> [String: String] {
    var row = [
      "comparison": name, "baseline_case": "a", "contender_case": name, "status": status,
      "contender_kernel": "k/x", "baseline_kernel": "k/x", "mac_ratio": "\(1 / promised)",
    ]
    if let bounds {
      let middle = (bounds.lowerBound * bounds.upperBound).squareRoot()
      row["speedup"] = "\(middle)"
      row["speedup_lo"] = "\(bounds.lowerBound)"
      row["speedup_hi"] = "\(bounds.upperBound)"
      row["realised"] = "\(middle / promised)"
      row["verdict"] = bounds.contains(1) ? "inconclusive" : middle > 1 ? "faster" : "slower"
    }
    return row
  }

  private func verdict(
    _ speedup: PublishedFigures.Speedup, _ bounds: ClosedRange<Double>?, promised: Double = 1,
    against reference: PublishedFigures.Reference = .baseline
  ) throws -> RuleVerdict? {
    let rule = PublishedRule([
      PublishedFigures(
        hardware: "phone", source: "P", reference: reference, speedups: ["g=2": speedup])
    ])
    let table = try Self.table(
      RunTable.comparisons.columns, [Self.row("g=2", bounds, promised: promised)])
    return rule.verdict(ComparedRow(table.rows[0]))
  }

  @Test("a rule holds where the interval shows a fifth of the published change, either way")
  func verdicts() throws {
    #expect(try verdict(.factor(0.8), 0.85...0.9) == .holds)
    #expect(try verdict(.factor(0.8), 0.99...1.01) == .doesNotHold)
    #expect(try verdict(.factor(0.8), 0.9...1.01) == .undecided)
    #expect(try verdict(.factor(0.8), 1.1...1.2) == .reversed)
    #expect(try verdict(.factor(0.8), 1.01...1.2) == .doesNotHold)
    #expect(try verdict(.factor(1.25), 1.1...1.2) == .holds)
    #expect(try verdict(.factor(1.25), 0.8...0.9) == .reversed)
    #expect(try verdict(.factor(1.25), nil) == .undecided)
    // A paper that saw no change made no rule of it.
    #expect(try verdict(.factor(1.01), 0.8...0.9) == nil)
  }

  @Test("words count as five per cent, so that one has to be seen")
  func words() throws {
    #expect(try verdict(.direction(.faster), 1.02...1.03) == .holds)
    #expect(try verdict(.direction(.faster), 1.002...1.005) == .doesNotHold)
    #expect(try verdict(.direction(.slower), 1.02...1.03) == .reversed)
    #expect(try verdict(.direction(.slower), 0.9...0.95) == .holds)
  }

  @Test("against MACs a slow contender may still do better than its arithmetic says")
  func againstMACs() throws {
    // 9/961 of the speed are promised, 0.16 published, 0.05 measured.
    let bounds = 0.049...0.051
    #expect(try verdict(.factor(0.16), bounds, promised: 9.0 / 961, against: .macs) == .holds)
    #expect(
      try verdict(.factor(0.16), 0.0092...0.0095, promised: 9.0 / 961, against: .macs)
        == .doesNotHold)
  }

  private func answer(_ bounds: [ClosedRange<Double>]) throws -> Answer {
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", axes: { g: [2, 4] },
          baseline: "ic4ih4oc4kh1", contender: "g{g}ic4ih4oc4kh1",
          published: [
            { on: "phone", source: "P 1", speedups: { "g=2": 0.9, "g=4": 0.8 } },
            { on: "GPU", source: "P 2", speedups: { "g=4": "slower" } },
          ] }
        """, file: "f", name: "s")
    let rows = SuiteRows(
      measurements: try Self.table(
        RunTable.measurements.columns, ["g=2", "g=4"].map { ["case": $0] }),
      comparisons: try Self.table(
        RunTable.comparisons.columns,
        zip(["g=2", "g=4"], bounds).map { Self.row($0, $1, promised: 2) }))
    return Answer(suite, rows: rows, limits: limits)
  }

  @Test("the sentence has the verdict, the strongest figure and its hardware, and how often")
  func sentence() throws {
    #expect(
      try answer([0.9...0.91, 0.7...0.71]).sentence
        == "The rule holds here: g=4 gives 0.70×, published 0.80× (phone); holds at 2 of 2.")
    #expect(
      try answer([0.9...0.91, 1.3...1.32]).sentence
        == "The rule holds here in part: g=4 gives 1.31×, published 0.80× (phone); holds at 1 and "
        + "reversed here at 1 of 2.")
    #expect(
      try answer([1.2...1.3, 1.3...1.32]).sentence.hasPrefix("The rule is reversed here: "))
    #expect(
      try answer([0.999...1.001, 0.999...1.001]).sentence
        .hasPrefix("The rule does not hold here: "))
    #expect(
      try answer([0.8...1.2, 0.999...1.001]).sentence.hasPrefix("The rule is not decided here: "))
  }

  @Test("the table has what was published beside what was measured, and the verdict of the rule")
  func table() throws {
    let exhibit = try #require(try answer([0.9...0.91, 1.3...1.32]).exhibits.first)
    #expect(exhibit.title.hasSuffix("published for phone (P 1) and GPU (P 2)"))
    let lines = exhibit.table.lines()
    #expect(lines[0].contains("measured  published  published, GPU  rule"))
    #expect(lines[2].contains("0.90×      0.90×               —  holds"))
    #expect(lines[3].contains("1.31×      0.80×          slower  reversed here"))
    // Where there is little room, the word of this run goes before that of the rule.
    let narrow = exhibit.table.lines(width: 60).joined()
    #expect(narrow.contains("reversed here") && !narrow.contains("faster"))
  }
}

@Suite("Costs that explain times")
struct CostFitTests {
  private func answer(_ time: (_ macs: Double, _ activations: Double) -> Double) throws -> Answer {
    // Widths and sizes are drawn, so that MACs and activations do not follow each other.
    let drawn = [
      (8, 30), (64, 5), (16, 20), (32, 12), (40, 9), (24, 25), (56, 6), (48, 14), (12, 28), (60, 4),
    ]
    let cases = drawn.map { "'ic\($0.0)ih\($0.1)oc\($0.0)kh1'" }.joined(separator: ", ")
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", cases: [\(cases)], explains: ["activations", "macs"],
          published: { on: "V100", source: "R", r2: { macs: 0.25 } } }
        """, file: "f", name: "s")
    let columns = RunTable.measurements.columns
    let rows = suite.cases.map { suiteCase in
      let cost = { (kind: CostKind) in kind.value(of: suiteCase) }
      let values = [
        "case": suiteCase.name, "workers": "1", "cache": "warm", "status": "ok", "kernel": "k/x",
        "time_ns_median": "\(time(cost(.macs), cost(.activations)))",
      ]
      return columns.map { values[$0] ?? "" }
    }
    return Answer(
      suite,
      rows: SuiteRows(
        measurements: try CSVTable(parsing: ([columns] + rows).map(CSVWriter.line).joined()),
        comparisons: try CSVTable(parsing: CSVWriter.line(RunTable.comparisons.columns))),
      limits: MachineLimits(
        machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [],
        clockNanoseconds: 20))
  }

  @Test("the first cost is said to explain more only where every resample says so")
  func verdicts() throws {
    let holds = try answer { _, activations in 100 + activations }
    #expect(
      holds.sentence.hasPrefix("The rule holds here: over 10 designs activations explain 100 %"))
    let reversed = try answer { macs, _ in 100 + macs }
    #expect(reversed.sentence.hasPrefix("The rule is reversed here: over 10 designs activations"))
    #expect(reversed.sentence.contains("MACs 100 %"))
    let both = try answer { macs, activations in 100 + macs + 25 * activations }
    #expect(both.sentence.hasPrefix("The rule does not hold here: neither is shown to be better"))
    #expect(both.sentence.hasSuffix("together 100 %."))
  }

  @Test("the table has the shares with intervals, and the published ones")
  func table() throws {
    let answer = try answer { macs, _ in 100 + macs }
    let lines = try #require(answer.exhibits.first).table.lines()
    #expect(lines.count == 5)
    #expect(lines[3].hasPrefix("  MACs          1.000"))
    #expect(lines[3].hasSuffix("0.250"))
    #expect(lines[4].hasPrefix("  all together  1.000"))
    // The same numbers every time: resamples come from a seed.
    #expect(try self.answer { macs, _ in 100 + macs }.exhibits.first?.table.lines() == lines)
  }
}
