// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("Reading suites")
struct SuiteReadingTests {
  private func read(_ text: String) throws -> Suites.Suite {
    try Suite(parsing: text, file: "f.json5", name: "f")
  }

  @Test("What a file leaves out is at its default")
  func defaults() throws {
    let suite = try read("{ title: 'T', cases: 'ic8ih9oc8kh3ph1' }")
    let problem = try ProblemDescriptor.parse("ic8ih9oc8kh3ph1")
    #expect(
      suite
        == Suite(
          name: "f", title: "T",
          cases: [SuiteCase(name: "ic8ih9oc8kh3ph1", steps: [problem])], kernels: ["best"],
          workers: [], caches: [.warm]))
  }

  @Test("A whole number may be written with a point or an exponent")
  func wholeNumbers() throws {
    let suite = try read(
      """
      { title: "T", workers: [1e0, 2.0], axes: { c: [1e1] },
        cases: [{ name: "x", multiplicity: 3.0, steps: "ic{c}ih9oc8kh3" }] }
      """)
    #expect(suite.workers == [1, 2])
    #expect(suite.cases.map(\.multiplicity) == [3])
    #expect(suite.cases[0].descriptor.hasPrefix("ic10"))
  }

  @Test("A data type is of the file, of a case, or an axis of that name")
  func dataTypes() throws {
    let file = try read(
      """
      { title: "T", dt: "bf16", cases: ["ic8ih9oc8kh3", { steps: "ic8ih9oc8kh3", dt: "f32" }] }
      """)
    #expect(file.cases.map(\.dataType) == [.bf16, .f32])
    #expect(file.cases.map(\.name) == ["--dt=bf16 ic8ih9oc8kh3", "ic8ih9oc8kh3"])
    let axis = try read(
      """
      { title: "T", axes: { dt: ["f32", "bf16"], c: [8, 16] },
        cases: [{ name: "n {c}", steps: 'ic{c}ih9oc8kh3n"x"' }, "ic1ih9oc{c}kh3"] }
      """)
    #expect(
      axis.cases.prefix(4).map(\.name) == [
        "n 8 dt=f32", "n 16 dt=f32", "n 8 dt=bf16", "n 16 dt=bf16",
      ])
    #expect(axis.cases.map(\.dataType) == [.f32, .f32, .bf16, .bf16, .f32, .f32, .bf16, .bf16])
    let pairs = try read(
      """
      { title: "T", axes: { type: ["bf16"] },
        baseline: "ic8ih9oc8kh3", contender: { steps: "ic8ih9oc8kh3", dt: "{type}" } }
      """)
    #expect(pairs.cases.map(\.dataType) == [.f32, .bf16])
    #expect(pairs.comparisons.count == 1)
  }

  @Test(
    "A data type that nothing computes is refused with its place",
    arguments: [
      ("{ title: 'T', dt: 'f16', cases: 'ic8ih9oc8kh3' }", "dt: the data type ‘f16’"),
      ("{ title: 'T', dt: ['f32'], cases: 'ic8ih9oc8kh3' }", "dt"),
      ("{ title: 'T', cases: [['ic8ih9oc8kh1', '--dt=bf16 ic8ih9oc8kh1']] }", "one data type"),
      (
        "{ title: 'T', dt: 'bf16', cases: { name: 'b', input: 'ic8ih9', block: [{ relu: 'input' }] } }",
        "‘dt’ of a block"
      ),
    ])
  func refusedDataTypes(text: String, part: String) throws {
    let error = #expect(throws: SuiteError.self) { _ = try read(text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test("A suite is computed in another data type as a whole, unless it has blocks")
  func computedInType() throws {
    let suite = try read("{ title: 'T', cases: ['ic8ih9oc8kh3', 'ic8ih9oc8kh1'] }")
    let typed = try #require(suite.computed(in: .bf16))
    #expect(typed.cases.map(\.dataType) == [.bf16, .bf16])
    #expect(typed.cases.map(\.name) == suite.cases.map(\.name))
    let block = try read(
      "{ title: 'T', cases: { name: 'b', input: 'ic8ih9', block: [{ relu: 'input' }] } }")
    #expect(block.computed(in: .bf16) == nil)
    #expect(block.computed(in: .f32) == block)
  }

  @Test("Every key is read")
  func everyKey() throws {
    let suite = try read(
      """
      { title: "T", question: "Q?", source: "S", kernels: ["direct/*", "best"], workers: [1, 2],
        cache: ["warm", "cold-filter", "cold"], epilogue: "relu",
        contenderKernels: { baseline: "onednn/*", contender: ["best"] },
        externalContenders: [{ name: "ort", exec: ["python3", "a b.py"] }],
        cases: [{ name: "n", steps: ["ic8ih9oc4kh1", "ic4ih9oc8kh3ph1"], epilogue: "bias+relu",
                  multiplicity: 3 }, 'ic8ih9oc8kh1n"one*4"'] }
      """)
    #expect(suite.question == "Q?")
    #expect(suite.source == "S")
    #expect(suite.kernels == ["direct/*", "best"])
    #expect(suite.workers == [1, 2])
    #expect(suite.caches == [.warm, .coldFilter, .cold])
    #expect(
      suite.contenderKernels == KernelComparison(baseline: ["onednn/*"], contender: ["best"]))
    #expect(
      suite.externalContenders == [ExternalContender(name: "ort", exec: ["python3", "a b.py"])])
    #expect(suite.cases.map(\.name) == ["n", "one relu"])
    #expect(suite.cases[0].epilogue == Epilogue(hasBias: true, hasReLU: true))
    #expect(suite.cases[0].multiplicity == 3)
    #expect(suite.cases[0].descriptor == "ic8ih9oc4kh1 + ic4ih9oc8kh3ph1")
    #expect(suite.cases[1].epilogue == Epilogue(hasReLU: true))
    #expect(suite.cases[1].multiplicity == 4)
  }

  @Test("Axes expand in the order in which they are written, the last fastest")
  func axisOrder() throws {
    let suite = try read(
      """
      { title: "T", axes: { size: [8, 16], groups: [4, 1] },
        baseline: "ic8ih{size}oc8kh3", contender: "g{groups}ic8ih{size}oc8kh3" }
      """)
    #expect(suite.axisNames == ["size", "groups"])
    #expect(
      suite.comparisons.map(\.name) == [
        "size=8 groups=4", "size=8 groups=1", "size=16 groups=4", "size=16 groups=1",
      ])
    #expect(suite.comparisons[1].axes == ["size": "8", "groups": "1"])
    // Baselines are shared, and a contender that is the baseline is the same case.
    #expect(
      suite.cases.map(\.name) == [
        "ic8ih8oc8kh3", "g4ic8ih8oc8kh3", "ic8ih16oc8kh3", "g4ic8ih16oc8kh3",
      ])
    #expect(suite.cases[1].axes == ["size": "8", "groups": "4"])
    #expect(suite.cases[0].axes == ["size": "8"])
  }

  @Test("The fields of an axis of objects change together, and conditions leave combinations out")
  func bundlesAndConditions() throws {
    let suite = try read(
      """
      { title: "T",
        axes: { layer: [{ c: 4, what: "narrow" }, { c: 8, what: "wide" }], g: [2, 4, 8, 3] },
        where: ["c % g == 0", "c/g >= 2"],
        baseline: "ic{c}ih9oc{2*c}kh{(g-g)+3}ph{1}",
        contender: { name: "{what} in {g}", steps: "g{g}ic{c}ih9oc{2*c}kh3ph1" } }
      """)
    #expect(suite.axisNames == ["c", "what", "g"])
    #expect(
      suite.comparisons.map(\.name) == [
        "c=4 what=narrow g=2", "c=8 what=wide g=2", "c=8 what=wide g=4",
      ])
    #expect(
      suite.comparisons.map(\.contenderCase) == ["narrow in 2", "wide in 2", "wide in 4"])
    #expect(suite.comparisons.map(\.baselineCase)[1] == "ic8ih9oc16kh3ph1")
  }

  @Test("A name without placeholders is told apart by the axes that the case mentions")
  func suffixedNames() throws {
    let suite = try read(
      """
      { title: "T", axes: { size: [8, 16], g: [1, 2] },
        comparisons: [{
          name: "split", baseline: { name: "dense", steps: "ic8ih{size}oc8kh3" },
          contenders: [
            { name: "grouped", steps: "g{g}ic8ih{size}oc8kh3" },
            { name: "depthwise", steps: "g8ic8ih{size}oc8kh3" }] }] }
      """)
    #expect(suite.comparisons[0].name == "split grouped size=8 g=1")
    #expect(suite.comparisons[0].baselineCase == "dense size=8")
    #expect(suite.comparisons[0].contenderCase == "grouped size=8 g=1")
    #expect(suite.comparisons[1].axes == ["size": "8", "g": "1", "contender": "depthwise"])
    #expect(suite.axisNames == ["size", "g", "contender"])
  }

  @Test("A comparison has axes of its own; one of a single value is a label")
  func ownAxes() throws {
    let suite = try read(
      """
      { title: "T", axes: { size: [8] }, baseline: "ic8ih{size}oc8kh3",
        comparisons: [
          { name: "a", axes: { kind: ["group"], g: [2, 4] }, contender: "g{g}ic8ih{size}oc8kh3" },
          { name: "b", axes: { size: [9], kind: "none" }, baseline: "ic8ih{size}oc8kh3",
            contender: "ic8ih{size}oc8kh3dh1ph1" }] }
      """)
    #expect(suite.comparisons.map(\.name) == ["a g=2", "a g=4", "b"])
    #expect(suite.comparisons[0].axes == ["size": "8", "kind": "group", "g": "2"])
    #expect(suite.comparisons[2].axes == ["size": "9", "kind": "none"])
    #expect(suite.axisNames == ["size", "kind", "g"])
  }

  @Test("A contender may be a program, which computes the baseline's cases")
  func externalContender() throws {
    let suite = try read(
      """
      { title: "T", axes: { size: [8, 16] }, baseline: "ic8ih{size}oc8kh3",
        contender: { name: "mine", exec: ["./mine"] } }
      """)
    #expect(suite.cases.map(\.name) == ["ic8ih8oc8kh3", "ic8ih16oc8kh3"])
    #expect(suite.comparisons.isEmpty)
    #expect(suite.externalContenders == [ExternalContender(name: "mine", exec: ["./mine"])])
  }

  @Test("The sentence of an answer has words and places for numbers")
  func answerTemplate() throws {
    let template = try #require(AnswerTemplate("It is {measured deep  wide & g=2}, {promised}!"))
    #expect(
      template.pieces == [
        .words("It is "), .numbers(.measured, parts: ["deep wide", "g=2"]), .words(", "),
        .numbers(.promised, parts: []), .words("!"),
      ])
    for text in ["{", "}", "a {measured", "{}", "{measure}", "{measured a &}", "{measured & a}"] {
      #expect(AnswerTemplate(text) == nil, "\(text)")
    }
  }

  @Test("A place for numbers takes an axis by its value, and a contender by its whole name")
  func answerMatches() {
    func matches(_ parts: String...) -> Bool {
      AnswerTemplate.matches(
        parts, name: "by size deep and wide g=16", axes: ["g": "16", "contender": "deep and wide"],
        contenders: ["deep", "deep and wide"])
    }
    #expect(matches() && matches("deep and wide") && matches("by size", "g=16"))
    #expect(!matches("deep") && !matches("g=1") && !matches("by size", "g=1"))
    // No contender is called so.
    #expect(matches("and wide") && !matches("narrow"))
  }

  @Test("Doubled braces are braces")
  func braces() throws {
    let suite = try read("{ title: 'T', cases: { name: '{{a}}', steps: 'ic8ih9oc8kh3' } }")
    #expect(suite.cases[0].name == "{a}")
  }

  @Test("A case names the sum of its steps' cost")
  func cost() throws {
    let suite = try read("{ title: 'T', cases: [['ic8ih9oc4kh1', 'ic4ih9oc8kh3ph1']] }")
    #expect(suite.cases[0].cost.parameters == 8 * 4 + 4 * 8 * 9)
    #expect(suite.cases[0].operations.count == 2)
  }
}
