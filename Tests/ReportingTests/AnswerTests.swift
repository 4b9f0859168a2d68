// SPDX-License-Identifier: Apache-2.0

import Inputs
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
    var cells = Array(repeating: "", count: RunTable.comparisons.columns.count)
    let name = "groups=\(groups)"
    let values = [
      "comparison": name, "baseline_case": "one", "contender_case": name, "workers": "1",
      "cache": "warm", "speedup": "\(speedup)", "speedup_lo": "\(lower)",
      "speedup_hi": "\(upper)", "mac_ratio": "\(1 / promised)", "parameter_ratio": "1",
      "realised": "\(speedup / promised)", "verdict": verdict, "status": "ok",
      "contender_kernel": "k/x", "baseline_kernel": "k/x",
    ]
    for (place, column) in RunTable.comparisons.columns.enumerated() {
      cells[place] = values[column] ?? ""
    }
    return cells + ["256", String(groups)]
  }

  private func suite() throws -> Suites.Suite {
    try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", axes: { groups: [2, 4] },
          baseline: "ic4ih4oc4kh1", contender: "g{groups}ic4ih4oc4kh1" }
        """, file: "f", name: "s")
  }

  /// The answer to rows of comparisons, whose contenders were measured, too.
  private func answer(_ rows: [[String]], of suite: Suites.Suite? = nil) throws -> Answer {
    let columns = RunTable.comparisons.columns + ["channels", "groups"]
    let comparisons = try CSVTable(parsing: ([columns] + rows).map(CSVWriter.line).joined())
    let measured = comparisons.rows.map { row in
      RunTable.measurements.columns.map { column in
        switch column {
        case "case": row.text("contender_case")
        case "kernel": row.text("contender_kernel")
        default: ["workers": "1", "cache": "warm", "status": "ok"][column] ?? ""
        }
      }
    }
    let measurements = try CSVTable(
      parsing: ([RunTable.measurements.columns] + measured).map(CSVWriter.line).joined())
    return Answer(
      try suite ?? self.suite(),
      rows: SuiteRows(measurements: measurements, comparisons: comparisons),
      limits: limits)
  }

  @Test("steps end where the intervals show one that does not pay")
  func turn() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4),
      Self.comparison(promised: 8, 2.0, 2.1, 2.2, groups: 8),
    ])
    #expect(
      answer.sentence
        == "Each step along groups saves time up to 4: expect 3.10×, not 4.00×; 8 is slower again, 2.10×."
    )
  }

  @Test("overlapping intervals show no gain, whatever the medians are")
  func overlap() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4),
      Self.comparison(promised: 8, 3.1, 3.9, 4.2, groups: 8),
    ])
    #expect(answer.sentence.hasSuffix("expect 3.10×, not 4.00×; beyond that no gain is shown."))
  }

  @Test("a first step that the intervals leave open is not said to lose")
  func openStart() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 1.8, 1.9, 2.4, groups: 2),
      Self.comparison(promised: 4, 2.2, 2.6, 3.0, groups: 4),
      Self.comparison(promised: 8, 3.1, 3.9, 4.2, groups: 8),
    ])
    #expect(
      answer.sentence
        == "Along groups from 2 to 8 the gain goes from 1.90× to 3.90×, where 2.00× to 8.00× are promised; not every step is shown to pay."
    )
  }

  @Test("steps are those of the axis, also where the promise shrinks along it")
  func axisOrder() throws {
    let answer = try answer([
      Self.comparison(promised: 8, 3.1, 3.9, 4.2, groups: 8),
      Self.comparison(promised: 4, 5.0, 5.1, 5.2, groups: 16),
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 32),
    ])
    #expect(
      answer.sentence
        == "Along groups from 8 to 32 the gain goes from 3.90× to 1.90×, where 8.00× to 2.00× are promised."
    )
  }

  @Test("what pays all along is said so, and losses do not hold")
  func noTurn() throws {
    let answer = try answer([
      Self.comparison(promised: 2, 0.7, 0.8, 0.9, verdict: "slower", groups: 2),
      Self.comparison(promised: 4, 1.2, 1.3, 1.4, groups: 4),
      Self.comparison(promised: 8, 1.8, 1.9, 2.0, groups: 8),
    ])
    #expect(
      answer.sentence == "Each step along groups saves time up to 8: expect 1.90×, not 8.00×.")
    #expect(answer.open == ["slower than the baseline: groups=2 (0.80×)"])
  }

  @Test("where the promise does not grow there are no steps to speak of")
  func flatTrend() throws {
    let answer = try answer(
      [2, 4, 8].map { Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: $0) })
    #expect(
      answer.sentence
        == "Expect 1.90× of 2.00× promised for groups=2, 1.90× of 2.00× for groups=4 and 1.90× of 2.00× for groups=8."
    )
  }

  @Test("a suite's own sentence comes first, with the range of what was measured")
  func ownSentence() throws {
    let rows = [
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4),
      Self.comparison(promised: 8, 2.0, 2.1, 2.2, groups: 8),
    ]
    let sentence = { (template: String) throws -> String in
      var suite = try suite()
      suite.answer = AnswerTemplate(template)
      return try answer(rows, of: suite).sentence
    }
    #expect(
      try sentence(
        "Groups are {measured} as fast, {realised} of {promised}; 8 {measured groups=8}.")
        == "Groups are 1.90× to 3.10× as fast, 26 % to 95 % of 2.00× to 8.00×; 8 2.10×.")
    // A number that nothing gives, or a sentence that is too long, leaves the general one.
    #expect(try sentence("It is {measured groups=16}.").hasPrefix("Each step along groups"))
    let long = String(repeating: "long ", count: 50)
    #expect(try sentence("\(long){measured}.").hasPrefix("Each step along groups"))
  }

  @Test("comparisons are read along their axis, and what has no number stands in its place")
  func sections() throws {
    var lost = Self.comparison(promised: 16, 1, 1, 1, groups: 16)
    for column in ["speedup", "speedup_lo", "speedup_hi"] {
      lost[RunTable.comparisons.columns.firstIndex(of: column) ?? 0] = ""
    }
    var other = Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 3)
    other[1] = "a thing of its own"
    let answer = try answer([
      Self.comparison(promised: 8, 2.0, 2.1, 2.2, groups: 8), lost,
      Self.comparison(promised: 4, 3.0, 3.1, 3.2, groups: 4), other,
      Self.comparison(promised: 2, 1.8, 1.9, 2.0, groups: 2),
      Self.comparison(promised: 32, 2.3, 2.4, 2.5, groups: 32),
    ])
    let table = try #require(answer.exhibits.first).table
    let names = table.lines().dropFirst(2).map {
      $0.split(separator: "  ", omittingEmptySubsequences: true).first.map(String.init) ?? ""
    }
    #expect(
      names == [
        "a thing of its own", "channels=256: each step pays up to 4", "groups=2", "groups=4",
        "groups=8", "groups=16", "groups=32",
      ])
    #expect(table.markdown()[3].hasPrefix("| **channels=256: each step pays up to 4** |  |"))
  }

  @Test("kernels are named where they change along a trend")
  func kernelsOfTrend() throws {
    func kernels(_ names: [String]) throws -> [String] {
      try answer(
        zip([2, 4, 8], names).map { groups, kernel in
          var cells = Self.comparison(
            promised: Double(groups), 1.8, 1.9, 2.0, groups: groups)
          cells[RunTable.comparisons.columns.firstIndex(of: "contender_kernel") ?? 0] = kernel
          return cells
        }
      ).paragraphs
    }
    #expect(
      try kernels(["a/x", "a/x", "b/x"]) == [
        "The kernel changes along groups (channels=256): a/x from 2, b/x from 8."
      ])
    #expect(try kernels(["a/x", "a/x", "a/x"]).isEmpty)
    let long = try kernels((0..<3).map { String(repeating: "\($0)", count: 300) + "/x" })
    #expect(long.allSatisfy { $0.count <= Headline.longest })
  }

  @Test("a runtime that was asked has a sentence and a column, and ours stays the answer")
  func runtimes() throws {
    let ours = [2, 4, 8].map {
      Self.comparison(
        promised: Double($0), 0.8 * Double($0), 0.9 * Double($0), 0.95 * Double($0), groups: $0)
    }
    let theirs = [(2, 1.5), (4, 1.9), (8, 0.5)].map { groups, speedup in
      var cells = Self.comparison(
        promised: Double(groups), speedup - 0.1, speedup, speedup + 0.1, groups: groups)
      for column in ["contender_kernel", "baseline_kernel"] {
        cells[RunTable.comparisons.columns.firstIndex(of: column) ?? 0] = "onnxruntime"
      }
      return cells
    }
    let answer = try answer(ours.map { row in row.map { $0 == "k/x" ? "direct/k" : $0 } } + theirs)
    #expect(answer.sentence.contains("up to 8: expect 7.20×"))
    #expect(
      answer.asked == [
        "In onnxruntime each step along groups saves time up to 4: expect 1.90×, not 4.00×; 8 is slower again, 0.50×."
      ])
    let table = try #require(answer.exhibits.first).table.lines()
    #expect(table.count == 2 + 1 + 3)
    #expect(table[0].contains("onnxruntime") && table[5].contains("0.50×"))
    #expect(table[2] == "  channels=256: each step pays up to 8")
    #expect(table[3].hasPrefix("    groups=2 "))
    #expect(RuntimeName.of("onednn/any+reorder") == "onednn")
    #expect(RuntimeName.of("im2col-openblas/nchw") == "openblas")
    #expect(RuntimeName.of("direct/nchw16c/14x2/avx512+depthwise/x") == nil)
    #expect(RuntimeName.of("best") == nil)
  }

  @Test("more workers are a column and a sentence, and turned verdicts do not hold")
  func moreWorkers() throws {
    func measured(_ name: String, _ workers: Int, _ time: Double) -> [String: String] {
      ["case": name, "kernel": "a/k", "workers": "\(workers)", "time_ns_median": "\(time)"]
    }
    func compared(_ workers: Int, _ speedup: Double) -> [String: String] {
      [
        "comparison": "x", "baseline_case": "a", "contender_case": "b", "baseline_kernel": "a/k",
        "contender_kernel": "a/k", "workers": "\(workers)", "speedup": "\(speedup)",
        "speedup_lo": "\(speedup - 0.01)", "speedup_hi": "\(speedup + 0.01)",
        "mac_ratio": "0.5", "verdict": speedup > 1 ? "faster" : "slower",
      ]
    }
    var rows = try rows(
      [measured("a", 1, 100), measured("b", 1, 50), measured("a", 2, 50), measured("b", 2, 60)],
      [compared(1, 2), compared(2, 0.9)])
    let samples = [("a", 1, 100), ("b", 1, 50), ("a", 2, 50), ("b", 2, 60)].flatMap { row in
      (0..<8).map { round in
        [row.0, "a/k", "warm", "\(row.1)", "\(round)", "\(row.2 + round % 2)", "1", "0"]
      }
    }
    let columns = ["case", "kernel", "cache", "workers", "round", "time_ns", "counted", "process"]
    let measurements = [1, 2].flatMap { workers in
      ["a", "b"].map { ["s", $0, "a/k", "warm", "\(workers)"] }
    }
    let scaling = ScalingTable([
      .measurements: CSVTable(
        columns: ["suite", "case", "kernel", "cache", "workers"], rows: measurements),
      .samples: CSVTable(columns: columns, rows: samples),
    ]).table
    #expect(scaling.rows.count == 2)
    let table = try CSVTable(parsing: scaling.text, as: .scaling)
    rows.gains = table.rows.compactMap(ScaledRow.init)
    let answer = Answer(try suite(), rows: rows, limits: limits)
    let sentence = try #require(answer.paragraphs.first)
    #expect(sentence.hasPrefix("2 workers are 1.29× as fast as one over 2 cases: from 0.83× (0.8"))
    #expect(sentence.hasSuffix(") at a."))
    #expect(answer.open.contains("with 2 workers it is the other way: x (0.90×)"))
    let lines = try #require(answer.exhibits.first).table.lines()
    #expect(lines.count == 3 && lines[0].contains("2 workers") && lines[2].contains("0.83×"))
  }

  @Test("a block is no sum of convolutions where one of them was not measured alone")
  func deformableBlock() throws {
    let exhibits = { (problem: String) throws -> Int in
      let values = [
        ["case": "b", "problem": problem, "kernel": "block/fused/avx2", "time_ns_median": "9"],
        ["case": "b / x", "problem": "p", "kernel": "k", "time_ns_median": "4", "part_of": "b"],
      ]
      let columns = RunTable.measurements.columns
      let cells = values.map { row in
        let all = row.merging(["workers": "1", "cache": "warm", "status": "ok"]) { $1 }
        return columns.map { all[$0] ?? "" }
      }
      return BlockAnswer(
        SuiteRows(
          measurements: try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined()),
          comparisons: try CSVTable(parsing: CSVWriter.line(RunTable.comparisons.columns)))
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
    #expect(answer.open == ["undecided by their intervals: groups=2"])
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
      measurements: try table(RunTable.measurements.columns, measured),
      comparisons: try table(RunTable.comparisons.columns, compared))
  }

  @Test("what passes the FMA peak by transforming first is not said to have its data nearer")
  func winogradBeyondPeak() throws {
    let row = { (name: String, bound: String, accuracy: String, percent: String) in
      [
        "case": name, "kernel": "k", "bound": bound, "accuracy": accuracy, "macs": "1000",
        "time_ns_median": "100", "roofline_percent": percent, "multiplicity": "1",
      ]
    }
    let remarks = { (bound: String, accuracy: String, percent: String) in
      NetworkAnswer(
        try rows([row("a", bound, accuracy, percent), row("b", "fma", "exact", "80")])
      ).remarks.joined()
    }
    let winograd = try remarks("fma", "fast", "317")
    #expect(winograd.hasPrefix("more than 100 % of its roof (a): it transforms first (Winograd)"))
    #expect(!winograd.contains("nearer"))
    #expect(try remarks("L2", "fast", "200").contains("lies nearer than its size suggests"))
    let exact = try remarks("fma", "exact", "120")
    #expect(exact.contains("slower pace") && !exact.contains("nearer"))
    #expect(try remarks("fma", "exact", "99").isEmpty)
    let single = Roofs(limits).reason(try rows([row("a", "fma", "fast", "317")]).measurements[0])
    #expect(single?.contains("allows a direct sum (317 % of it): it transforms first") == true)
    let reason = { (percent: String) in
      Roofs(limits).reason(try rows([row("a", "fma", "exact", percent)]).measurements[0])
    }
    #expect(try reason("79") == "reaches 79 % of the FMA peak; what holds it is not known")
    #expect(try reason("86") == "is bound by the FMA peak, of which it reaches 86 %")
  }

  @Test("disturbed comparisons are named, and nothing is claimed of them")
  func disturbedAnswer() throws {
    let reason = "undecided (disturbed): 1 of 9 rounds were calm, and it takes 6 (waited in 8)"
    let rows = try rows(
      ["a", "b"].map {
        [
          "case": $0, "kernel": "k/x", "status": "disturbed", "reason": reason,
          "time_ns_median": "100",
        ]
      },
      [
        [
          "comparison": "x", "baseline_case": "a", "contender_case": "b", "baseline_kernel": "k/x",
          "contender_kernel": "k/x", "mac_ratio": "0.5", "status": "disturbed",
          "verdict": "inconclusive", "reason": reason,
        ]
      ])
    let answer = Answer(try suite(), rows: rows, limits: limits)
    #expect(answer.sentence.isEmpty && answer.paragraphs.count == 1)
    let table = try #require(answer.exhibits.first).table.lines()
    #expect(table[2].contains("disturbed") && !table[2].contains("1.0"))
    #expect(answer.open.contains { $0.hasPrefix("2 of 2 measurements were disturbed") })
  }

  @Test("a share beyond what both roofs allow is a caveat, and no other is")
  func beyondBothRoofs() throws {
    func caveats(realised: String, baseline: String, contender: String) throws -> String {
      let measured = { (name: String, percent: String) in
        ["case": name, "kernel": "k", "time_ns_median": "100", "roofline_percent": percent]
      }
      return Caveats.open(
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
    #expect(beyond.contains("x (175 %, 100 % allowed)"))
    // The contender's roof is the higher one.
    #expect(try !caveats(realised: "1.75", baseline: "80", contender: "80").contains("roofs allow"))
    #expect(try !caveats(realised: "0.9", baseline: "40", contender: "80").contains("roofs allow"))
  }

  @Test("layers count as often as the network has them, and their shares make the whole")
  func network() throws {
    let columns = RunTable.measurements.columns
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
      comparisons: try CSVTable(parsing: CSVWriter.line(RunTable.comparisons.columns)))
    let network = NetworkAnswer(rows)
    #expect(
      network.sentence
        == "Its 4 convolutions take 400 ns (396…404) one after the other, 20 GFLOP/s; 1 of 2 different layers take half of that."
    )
    let shares = try #require(network.exhibit).table.lines().joined(separator: "\n")
    #expect(shares.contains("1×1"))
    #expect(shares.contains("75 %"))
  }

  @Test("what is no convolution is not counted as one")
  func poolings() throws {
    let columns = RunTable.measurements.columns
    let values = [
      "case": "pool", "workers": "1", "cache": "warm", "status": "ok", "macs": "0",
      "time_ns_median": "100", "multiplicity": "3",
    ]
    let table = try CSVTable(
      parsing: [columns, columns.map { values[$0] ?? "" }].map(CSVWriter.line).joined())
    let network = NetworkAnswer(
      SuiteRows(
        measurements: table,
        comparisons: try CSVTable(parsing: CSVWriter.line(RunTable.comparisons.columns))))
    #expect(network.sentence.hasPrefix("Its 3 layers take 300 ns one after the other; 1 of 1"))
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
    let columns = RunTable.measurements.columns
    let cells = suite.cases.map { suiteCase in
      let values = [
        "case": suiteCase.name, "problem": suiteCase.descriptor, "workers": "1", "cache": "warm",
        "status": "ok", "macs": "1000", "time_ns_median": "\(times[suiteCase.name] ?? 0)",
        "multiplicity": "\(suiteCase.multiplicity)", "kernel": "k",
        // What is a convolution has these.
        "groups": suiteCase.graph == nil ? "1" : "", "in_channels": "8", "kernel_height": "1",
        "kernel_width": "1",
      ]
      return columns.map { values[$0] ?? "" }
    }
    let rows = SuiteRows(
      measurements: try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined()),
      comparisons: try CSVTable(parsing: CSVWriter.line(RunTable.comparisons.columns)))
    let answer = Answer(suite, rows: rows, limits: limits)
    // The block of which a convolution was not measured alone has nothing to stand against.
    #expect(
      answer.paragraphs == [
        "Its 2 blocks, 1 of them different, take 480 ns, 0.80× the 600 ns of their convolutions one at a time."
      ])
    // Layers by time, shares by class, blocks.
    #expect(answer.exhibits.count == 3)
    #expect(answer.sentence.hasPrefix("Its 5 convolutions take 700 ns"))
    let layers = answer.exhibits[0].table.lines()
    #expect(layers[2].contains("b") && layers[2].contains("57 %"))
    #expect(layers[3].contains("a") && layers[3].contains("100 %"))
  }
}
