// SPDX-License-Identifier: Apache-2.0

@testable import Measuring
import Suites
import Testing

@testable import Reporting

@Suite("What a suite's numbers say to its question")
struct AnswerTests {
  private let limits = MachineLimits(
    machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [], clockNanoseconds: 20)

  /// A comparison's row by the columns that matter here.
  private static func comparison(
    promised: Double, _ lower: Double, _ speedup: Double, _ upper: Double,
    verdict: String = "faster", groups: Int
  ) -> [String] {
    var cells = Array(repeating: "", count: ComparisonTable.fixedColumns.count)
    let name = "groups=\(groups)"
    let values = [
      "comparison": name, "baseline_case": "one", "contender_case": name, "workers": "1",
      "cache": "warm", "speedup": "\(speedup)", "speedup_lo": "\(lower)",
      "speedup_hi": "\(upper)", "mac_ratio": "\(1 / promised)", "parameter_ratio": "1",
      "realised": "\(speedup / promised)", "verdict": verdict, "status": "ok",
      "contender_kernel": "k", "baseline_kernel": "k",
    ]
    for (place, column) in ComparisonTable.fixedColumns.enumerated() {
      cells[place] = values[column] ?? ""
    }
    return cells + ["256", String(groups)]
  }

  private func answer(_ rows: [[String]]) throws -> Answer {
    let columns = ComparisonTable.fixedColumns + ["channels", "groups"]
    let comparisons = try CSVTable(parsing: ([columns] + rows).map(CSVWriter.line).joined())
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", axes: { groups: [2, 4] },
          baseline: "ic4ih4oc4kh1", contender: "g{groups}ic4ih4oc4kh1" }
        """, file: "f", name: "s")
    let measurements = try CSVTable(parsing: CSVWriter.line(MeasurementTable.fixedColumns))
    return Answer(
      suite, rows: SuiteRows(measurements: measurements, comparisons: comparisons), limits: limits)
  }

  @Test("a trend turns where the intervals show a step that does not pay")
  func turn() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4),
      Self.comparison(promised: 8, 2.0, 2.1, 2.2, groups: 8),
    ])
    let text = answer.paragraphs.joined()
    #expect(text.contains("pays up to groups=4 (64 channels a group)"))
    #expect(text.contains("makes it slower (2.10× (2.00…2.20) after 3.10× (3.00…3.20))"))
    #expect(text.contains("at most 3.10× (3.00…3.20) at groups=4"))
    #expect(text.contains("78 % of the promise"))
  }

  @Test("overlapping intervals show no gain, whatever the medians are")
  func overlap() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4),
      Self.comparison(promised: 8, 3.1, 3.9, 4.2, groups: 8),
    ])
    let text = answer.paragraphs.joined()
    #expect(text.contains("the intervals show no further gain"))
    #expect(!text.contains("slower"))
  }

  @Test("a first step that the intervals leave open is not said to lose")
  func openStart() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.4, groups: 2),
      Self.comparison(promised: 4, 2.2, 2.6, 3.0, groups: 4),
      Self.comparison(promised: 8, 3.1, 3.9, 4.2, groups: 8),
    ])
    let text = answer.paragraphs.joined()
    #expect(text.contains("Not even the first step is shown to pay: at groups=4"))
    #expect(text.contains("although a later step gains again"))
  }

  @Test("a trend that never turns is said to pay all along, and losses are named")
  func noTurn() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 0.7, 0.8, 0.9, verdict: "slower", groups: 2),
      Self.comparison(promised: 4, 1.2, 1.3, 1.4, groups: 4),
      Self.comparison(promised: 8, 1.8, 1.9, 2.0, groups: 8),
    ])
    let text = answer.paragraphs.joined()
    #expect(text.contains("no turn up to groups=8"))
    #expect(text.contains("longer than its baseline at groups=2"))
  }

  @Test("a trend without a promise to grow into ends with what was realised")
  func flatTrend() throws {
    let answer = try answer(
      [2, 4, 8].map { Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: $0) })
    let text = answer.paragraphs.joined()
    #expect(text.hasSuffix("of the promise is realised."))
    #expect(!text.contains("  "))
  }

  @Test("a block is no sum of convolutions where one of them was not measured alone")
  func deformableBlock() throws {
    let exhibits = { (problem: String) throws -> Int in
      let values = [
        ["case": "b", "problem": problem, "kernel": "block/fused/avx2", "time_ns_median": "9"],
        ["case": "b / x", "problem": "p", "kernel": "k", "time_ns_median": "4", "part_of": "b"],
      ]
      let columns = MeasurementTable.fixedColumns
      let cells = values.map { row in
        let all = row.merging(["workers": "1", "cache": "warm", "status": "ok"]) { $1 }
        return columns.map { all[$0] ?? "" }
      }
      return BlockAnswer(
        SuiteRows(
          measurements: try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined()),
          comparisons: try CSVTable(parsing: CSVWriter.line(ComparisonTable.fixedColumns)))
      ).exhibits.count
    }
    #expect(try exhibits("x=ic8ih4oc8kh1(input)") == 1)
    #expect(try exhibits("x=ic8ih4oc18kh1(input) + y=deform:ic8ih4oc8kh1(input,x)") == 0)
  }

  @Test("what the intervals do not decide is a caveat")
  func inconclusive() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 0.9, 1.0, 1.2, verdict: "inconclusive", groups: 2)
    ])
    #expect(answer.caveats.contains { $0.hasPrefix("inconclusive") && $0.hasSuffix(": groups=2") })
    #expect(answer.paragraphs.joined().contains("decides nothing"))
    #expect(answer.markdown.hasPrefix("## s\n\n**q?**\n"))
  }

  /// An answer from rows of measurements and comparisons, each with the cells that matter.
  private func rows(
    _ measured: [[String: String]], _ compared: [[String: String]] = []
  ) throws -> SuiteRows {
    func table(_ columns: [String], _ rows: [[String: String]]) throws -> CSVTable {
      let cells = rows.map { row in
        let all = ["workers": "1", "cache": "warm", "status": "ok"].merging(row) { $1 }
        return columns.map { all[$0] ?? "" }
      }
      return try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined())
    }
    return SuiteRows(
      measurements: try table(MeasurementTable.fixedColumns, measured),
      comparisons: try table(ComparisonTable.fixedColumns, compared))
  }

  @Test("what passes the FMA peak by transforming first is not said to have its data nearer")
  func winogradBeyondPeak() throws {
    let row = { (name: String, bound: String, accuracy: String, percent: String) in
      [
        "case": name, "kernel": "k", "bound": bound, "accuracy": accuracy, "macs": "1000",
        "time_ns_median": "100", "roofline_percent": percent, "multiplicity": "1",
      ]
    }
    let winograd = NetworkAnswer(
      try rows([row("a", "fma", "fast", "317"), row("b", "fma", "exact", "80")])
    ).paragraphs.joined()
    #expect(winograd.contains("More than 100 % of its roof (a): it transforms first (Winograd)"))
    #expect(winograd.contains("fewer multiplications than the direct sum"))
    #expect(!winograd.contains("data"))
    let near = NetworkAnswer(
      try rows([row("a", "L2", "fast", "200"), row("b", "L2", "exact", "9")])
    )
    .paragraphs.joined()
    #expect(near.contains("part of its data lies nearer than its size suggests"))
    let exact = NetworkAnswer(
      try rows([row("a", "fma", "exact", "120"), row("b", "fma", "exact", "9")])
    )
    .paragraphs.joined()
    #expect(exact.contains("slower pace") && !exact.contains("data lies"))
    let plain = NetworkAnswer(
      try rows([row("a", "fma", "exact", "99"), row("b", "fma", "exact", "9")])
    )
    .paragraphs.joined()
    #expect(!plain.contains("More than 100 %"))
    let single = Roofs(limits).reason(try rows([row("a", "fma", "fast", "317")]).measurements[0])
    #expect(single?.contains("allows a direct sum (317 % of it): it transforms first") == true)
  }

  @Test("disturbed comparisons are named, and nothing is claimed of them")
  func disturbedAnswer() throws {
    let reason = "undecided (disturbed): 1 of 9 rounds were calm, and it takes 6 (waited in 8)"
    let rows = try rows(
      ["a", "b"].map {
        [
          "case": $0, "kernel": "k", "status": "disturbed", "reason": reason,
          "time_ns_median": "100",
        ]
      },
      [
        [
          "comparison": "x", "baseline_case": "a", "contender_case": "b", "baseline_kernel": "k",
          "contender_kernel": "k", "mac_ratio": "0.5", "status": "disturbed",
          "verdict": "inconclusive", "reason": reason,
        ]
      ])
    let paragraphs = ComparisonAnswer(rows, roofs: Roofs(limits)).paragraphs.joined()
    #expect(paragraphs.contains("Undecided (disturbed)") && paragraphs.contains("x (1 worker"))
    #expect(!paragraphs.contains("realised"))
    let caveat = try #require(Caveats.of(rows).first { $0.contains("2 of 2 measurements") })
    #expect(caveat.contains("1 of 9 rounds were calm"))
  }

  @Test("a share beyond what both roofs allow is a caveat, and no other is")
  func beyondBothRoofs() throws {
    func caveats(realised: String, baseline: String, contender: String) throws -> String {
      let measured = { (name: String, percent: String) in
        ["case": name, "kernel": "k", "time_ns_median": "100", "roofline_percent": percent]
      }
      return Caveats.of(
        try rows(
          [measured("a", baseline), measured("b", contender)],
          [
            [
              "comparison": "x", "baseline_case": "a", "contender_case": "b",
              "baseline_kernel": "k", "contender_kernel": "k", "speedup": "2",
              "realised": realised, "verdict": "faster",
            ]
          ])
      ).joined()
    }
    let beyond = try caveats(realised: "1.75", baseline: "45", contender: "78.75")
    #expect(beyond.contains("x (175 % realised, 100 % allowed; the baseline reaches 45 %"))
    // The contender's roof is the higher one.
    #expect(try !caveats(realised: "1.75", baseline: "80", contender: "80").contains("roofs allow"))
    #expect(try !caveats(realised: "0.9", baseline: "40", contender: "80").contains("roofs allow"))
  }

  @Test("layers count as often as the network has them, and their shares make the whole")
  func network() throws {
    let columns = MeasurementTable.fixedColumns
    let layer = { (name: String, kernel: Int, times: Int, time: Double) in
      let values = [
        "case": name, "workers": "1", "cache": "warm", "status": "ok", "macs": "1000",
        "time_ns_median": "\(time)", "time_ns_lo": "\(time - 1)", "time_ns_hi": "\(time + 1)",
        "multiplicity": "\(times)", "groups": "1", "in_channels": "8", "roofline_percent": "50",
        "kernel_height": "\(kernel)", "kernel_width": "\(kernel)", "bound": "fma",
      ]
      return columns.map { values[$0] ?? "" }
    }
    let table = try CSVTable(
      parsing: [columns, layer("a", 1, 3, 100), layer("b", 3, 1, 100)]
        .map(CSVWriter.line).joined())
    let rows = SuiteRows(
      measurements: table,
      comparisons: try CSVTable(parsing: CSVWriter.line(ComparisonTable.fixedColumns)))
    let network = NetworkAnswer(rows)
    let text = try #require(network.paragraphs.first)
    #expect(text.contains("4 convolutions, 2 of them different, take 400 ns (396…404)"))
    #expect(text.contains("20 GFLOP/s"))
    #expect(text.contains("Most time goes to a: 75 %"))
    let shares = try #require(network.exhibits.first).table.lines().joined(separator: "\n")
    #expect(shares.contains("1×1"))
    #expect(shares.contains("75 %"))
  }

  @Test("a network's blocks stand against the layers that they consist of, and not in the total")
  func networkBlocks() throws {
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", cases: [
          'ic8ih4oc8kh1n"a*3"', 'ic8ih4oc8kh3ph1n"b*2"',
          { name: "block", multiplicity: 2, input: "ic8ih4",
            block: [{ name: "x", conv: "oc8kh1" }, { name: "y", conv: "oc8kh3ph1" }] },
          { name: "other", input: "ic8ih4", block: [{ name: "x", conv: "oc4kh1" }] },
        ] }
        """, file: "f", name: "s")
    let times = ["a": 100.0, "b": 200, "block": 240, "other": 50]
    let columns = MeasurementTable.fixedColumns
    let cells = suite.cases.map { suiteCase in
      let values = [
        "case": suiteCase.name, "problem": suiteCase.descriptor, "workers": "1", "cache": "warm",
        "status": "ok", "macs": "1000", "time_ns_median": "\(times[suiteCase.name] ?? 0)",
        "multiplicity": "\(suiteCase.multiplicity)", "kernel": "k",
      ]
      return columns.map { values[$0] ?? "" }
    }
    let rows = SuiteRows(
      measurements: try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined()),
      comparisons: try CSVTable(parsing: CSVWriter.line(ComparisonTable.fixedColumns)))
    let answer = Answer(suite, rows: rows, limits: limits)
    #expect(answer.paragraphs[0].contains("5 convolutions, 2 of them different, take 700 ns"))
    // The block of which a convolution was not measured alone has nothing to stand against.
    #expect(answer.paragraphs[1].contains("2 blocks, 1 of them different, take 480 ns"))
    #expect(answer.paragraphs[1].contains("600 ns: 0.80× as long"))
    // Shares by class, layers by time, blocks.
    #expect(answer.exhibits.count == 3)
    #expect(
      answer.sentence
        == "One after the other its convolutions take 700 ns; 1 of 2 different layers take half of that."
    )
    let layers = answer.exhibits[1].table.lines()
    #expect(layers[2].contains("b") && layers[2].contains("57 %"))
    #expect(layers[3].contains("a") && layers[3].contains("100 %"))
  }
}
