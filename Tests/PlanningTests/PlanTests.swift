// SPDX-License-Identifier: Apache-2.0

import Convolution
import Planning
import Suites
import Testing

@Suite("A plan")
struct PlanTests {
  private let selection = KernelSelection(
    variants: [FakeVariant("wide", mostGroups: 1), FakeVariant("any")], externals: ["other"],
    best: { operations, _ in
      operations.map { operation in
        operation.problem.groups == 1
          ? (FakeVariant("wide"), "one group") : (FakeVariant("any"), "several groups")
      }
    })

  private func suiteCase(_ name: String, groups: Int = 1) throws -> SuiteCase {
    let problem = try ProblemDescriptor.parse("g\(groups)ic8ih8oc8kh3ph1")
    return SuiteCase(name: name, steps: [problem])
  }

  private func suite(kernels: [String] = ["best"]) throws -> Suite {
    Suite(
      name: "s", title: "t",
      cases: [
        try suiteCase("dense"), try suiteCase("g2", groups: 2), try suiteCase("g4", groups: 4),
        try suiteCase("alone"),
      ],
      comparisons: [
        SuiteComparison(
          name: "two", baselineCase: "dense", contenderCase: "g2", axes: ["groups": "2"]),
        SuiteComparison(
          name: "four", baselineCase: "dense", contenderCase: "g4", axes: ["groups": "4"]),
      ], axisNames: ["groups"], kernels: kernels)
  }

  @Test("a glob takes the variants of the case's data type, and no program that has floats only")
  func dataTypes() throws {
    var half = FakeVariant("wide")
    half.identity.instructionSet = .avx2
    half.identity.dataType = .bf16
    var whole = half
    whole.identity.dataType = .f32
    let selection = KernelSelection(
      variants: [whole, half, FakeVariant("library")], externals: ["other"], best: { _, _ in nil })
    func kernels(_ pattern: String, _ type: String) throws -> [String] {
      let problem = try ProblemDescriptor.parse("--dt=\(type) ic8ih8oc8kh3ph1")
      let suite = Suite(
        name: "s", title: "t", cases: [SuiteCase(name: "n", steps: [problem])], kernels: [pattern])
      let plan = try Plan(suites: [suite], selection: selection, options: PlanOptions())
      return plan.groups[0].entries.map { entry in
        if case .unsupported(_, let reason) = entry.contender { return reason }
        return entry.contender.kernel
      }
    }
    #expect(try kernels("*/nchw*", "f32") == ["wide/nchw/avx2", "library/nchw"])
    #expect(try kernels("w*", "bf16") == ["wide/bf16/nchw/avx2"])
    #expect(try kernels("other", "bf16") == ["other"])
  }

  @Test("interleaves what shares a baseline, and measures the rest apart")
  func groupsByComparison() throws {
    let plan = try Plan(suites: [try suite()], selection: selection, options: PlanOptions())
    #expect(
      plan.groups.map { $0.entries.map(\.suiteCase.name) } == [["dense", "g2", "g4"], ["alone"]])
    #expect(plan.groups[0].pairs.map(\.baseline) == [0, 0])
    #expect(plan.groups[0].pairs.map(\.contender) == [1, 2])
    #expect(plan.groups[0].pairs.map(\.axes) == [["groups": "2"], ["groups": "4"]])
  }

  @Test("sets a network in both forms against each runtime, which runs it once")
  func wholeNetworks() throws {
    var graph = OperationGraph(
      input: ActivationShape(batch: 1, channels: 8, extent: Extent(8, 8)), hasOwnWeights: true)
    try graph.append(
      "a", .convolution(try ProblemDescriptor.parse("ic8ih8oc8kh3ph1").problem, hasBias: false),
      reading: ["input"])
    let files = ModelFiles(
      weights: "w", input: "i", expected: "e", checked: [], outputs: "o", model: "m", inputs: [],
      results: [])
    let cases = GraphForm.allCases.map { form in
      var whole = SuiteCase(name: form.rawValue, graph: graph, form: form)
      whole.model = files
      return whole
    }
    let suite = Suite(
      name: "s", title: "t", cases: cases,
      comparisons: [
        SuiteComparison(name: "end to end", baselineCase: "unfused", contenderCase: "fused")
      ])
    let selection = KernelSelection(
      variants: [FakeVariant("any")], graphs: GraphForm.allCases.map(FakeGraph.init),
      externals: ["other"], best: { _, _ in nil })
    var options = PlanOptions()
    options.runtimes = [Runtime(name: "other", forms: ["other"])]
    options.workers = [1, 2]
    let plan = try Plan(suites: [suite], selection: selection, options: options)
    let group = try #require(plan.groups.first)
    #expect(plan.groups.count == 1)
    #expect(
      group.entries.map { "\($0.suiteCase.name) \($0.contender.kernel) \($0.workers)" } == [
        "unfused fake/unfused 1", "fused fake/fused 1", "fused other 1",
        "unfused fake/unfused 2", "fused fake/fused 2", "fused other 2",
      ])
    #expect(
      group.pairs.map { "\($0.comparison) \($0.baseline) \($0.contender)" } == [
        "end to end 0 1", "against other 2 1", "end to end 3 4", "against other 5 4",
      ])
  }

  @Test("an implementation of parts runs a block where it is named, not where all are")
  func parts() throws {
    let selection = KernelSelection(
      variants: [FakeVariant("any")], graphs: [FakeGraph(.fused)],
      parts: [FakeGraph("pooling", .fused)], best: { _, _ in nil })
    let shape = ActivationShape(batch: 1, channels: 8, extent: Extent(8, 8))
    var graph = OperationGraph(input: shape)
    try graph.append("a", .relu, reading: ["input"])
    let cases = [
      SuiteCase(name: "block", graph: graph, form: .fused), try suiteCase("convolution"),
    ]
    for (pattern, expected) in [
      ("pool*", ["pooling/fused", "pool* unsupported"]), ("*", ["fake/fused", "any/nchw"]),
    ] {
      let suite = Suite(name: "s", title: "t", cases: cases, kernels: [pattern])
      let plan = try Plan(suites: [suite], selection: selection, options: PlanOptions())
      let kernels = plan.groups.flatMap(\.entries).map { entry in
        if case .unsupported(let name, _) = entry.contender { return "\(name) unsupported" }
        return entry.contender.kernel
      }
      #expect(kernels == expected)
    }
  }

  @Test("says which variant the selection picked, and why")
  func keepsReasons() throws {
    let plan = try Plan(suites: [try suite()], selection: selection, options: PlanOptions())
    #expect(
      plan.groups[0].entries.map(\.contender.kernel) == ["wide/nchw", "any/nchw", "any/nchw"])
    #expect(
      plan.groups[0].entries.map(\.selection) == ["one group", "several groups", "several groups"])
  }

  @Test(
    "has no row twice where best and globs stand for the same variant, in any order",
    arguments: [["best", "wide/*", "any/*"], ["wide/*", "any/*", "best"], ["best", "*"]])
  func overlappingPatterns(kernels: [String]) throws {
    let plan = try Plan(
      suites: [try suite(kernels: kernels)], selection: selection, options: PlanOptions())
    let rows = plan.groups.flatMap(\.entries)
      .map { "\($0.suiteCase.name) \($0.contender.kernel)" }
    #expect(Set(rows).count == rows.count, "\(rows)")
    // What best compares is compared all the same: a dense case in wide with groups in any.
    let compared = plan.groups.flatMap { group in
      group.pairs.filter { $0.comparison == "two" }.map { pair in
        [pair.baseline, pair.contender].map { group.entries[$0].contender.kernel }
      }
    }
    let expected = [["wide", "any"], ["any", "any"], ["wide", "wide"]]
    for pair in expected.map({ $0.map { "\($0)/nchw" } }) {
      #expect(compared.count { $0 == pair } == 1, "\(compared)")
    }
  }

  @Test("has a row with the reason for a variant that does not support a case")
  func keepsUnsupported() throws {
    let plan = try Plan(
      suites: [try suite(kernels: ["wide/*"])], selection: selection, options: PlanOptions())
    guard case .unsupported(let name, let reason) = plan.groups[0].entries[1].contender else {
      Issue.record("g2 is planned with \(plan.groups[0].entries[1].contender)")
      return
    }
    #expect(name == "wide/nchw")
    #expect(reason == "more than 1 groups")
  }

  @Test("has a group for each cache state, in which all worker counts share the rounds")
  func interleavesWorkers() throws {
    let plan = try Plan(
      suites: [try suite()], selection: selection,
      options: PlanOptions(workers: [1, 2], caches: [.warm, .cold]))
    #expect(plan.groups.map { $0.entries[0].cache } == [.warm, .warm, .cold, .cold])
    let group = plan.groups[0]
    #expect(group.entries.map(\.workers) == [1, 1, 1, 2, 2, 2])
    #expect(group.entries.map(\.suiteCase.name) == ["dense", "g2", "g4", "dense", "g2", "g4"])
    #expect(
      group.pairs.map { [$0.baseline, $0.contender] } == [[0, 1], [0, 2], [3, 4], [3, 5]])
    #expect(group.pairs.map(\.comparison) == ["two", "four", "two", "four"])
  }

  @Test("takes the usual worker counts where neither the suite nor the command line has any")
  func usualWorkers() throws {
    func workers(_ suite: Suite, _ asked: [Int] = []) throws -> [Int] {
      var options = PlanOptions(workers: asked)
      options.usualWorkers = [1, 8]
      let plan = try Plan(suites: [suite], selection: selection, options: options)
      return Array(Set(plan.groups[0].entries.map(\.workers))).sorted()
    }
    var suite = try suite()
    #expect(try workers(suite) == [1, 8])
    suite.workers = [4]
    #expect(try workers(suite) == [4])
    #expect(try workers(suite, [2]) == [2])
  }

  @Test("asks a runtime the suite's own question: baseline and contender are its own")
  func runtimes() throws {
    let selection = KernelSelection(
      variants: [FakeVariant("lib", mostGroups: 1), FakeVariant("plain")], externals: ["other"],
      best: { operations, _ in operations.map { _ in (FakeVariant("ours"), "") } })
    var options = PlanOptions()
    options.runtimes = [
      Runtime(name: "lib", forms: ["lib/nchw", "plain/nchw"]),
      Runtime(name: "other", forms: ["other"]),
      Runtime(name: "gone", forms: ["gone/x"], absence: "not built"),
    ]
    let plan = try Plan(suites: [try suite()], selection: selection, options: options)
    let compared = plan.groups.filter { $0.entries[0].suiteCase.name == "dense" }
    #expect(
      compared.map { $0.entries.map(\.contender.kernel) } == [
        ["ours/nchw", "ours/nchw", "ours/nchw"], ["lib/nchw", "plain/nchw", "plain/nchw"],
        ["other", "other", "other"], ["gone/x", "gone/x", "gone/x"],
      ])
    #expect(compared.allSatisfy { $0.pairs.map(\.comparison) == ["two", "four"] })
    #expect(
      compared[1].entries.map(\.selection) == [
        "default form of lib", "form of lib after its default (more than 1 groups)",
        "form of lib after its default (more than 1 groups)",
      ])
    guard case .unsupported(_, let reason) = compared[3].entries[0].contender else {
      Issue.record("planned with \(compared[3].entries[0].contender)")
      return
    }
    #expect(reason == "not built")
    // A case without comparisons has them as rivals in one slice of time.
    let alone = try #require(plan.groups.last)
    #expect(alone.entries.map(\.contender.kernel) == ["ours/nchw", "lib/nchw", "other", "gone/x"])
    #expect(alone.pairs.map { [$0.baseline, $0.contender] } == [[0, 1], [0, 2], [0, 3]])
  }

  @Test("keeps the baseline of a case that --only asks for")
  func onlyKeepsBaseline() throws {
    let plan = try Plan(
      suites: [try suite()], selection: selection,
      options: PlanOptions(only: ("g4", { $0 == "g4" })))
    #expect(plan.groups.map { $0.entries.map(\.suiteCase.name) } == [["dense", "g4"]])
  }

  @Test("is refused where --only matches no case")
  func refusesEmpty() throws {
    let suite = try suite()
    #expect(throws: PlanningError.noCaseMatches(pattern: "zzz")) {
      try Plan(
        suites: [suite], selection: selection, options: PlanOptions(only: ("zzz", { _ in false })))
    }
  }

  @Test("is refused where no variant matches, and names those there are")
  func refusesUnknownKernel() throws {
    let suite = try suite(kernels: ["nope*"])
    #expect(
      throws: PlanningError.noKernelMatches(
        pattern: "nope*", available: ["wide/nchw", "any/nchw", "other"])
    ) {
      try Plan(suites: [suite], selection: selection, options: PlanOptions())
    }
  }

  @Test("sets every baseline variant against every contender on the same case")
  func comparesKernels() throws {
    var suite = try suite()
    suite.comparisons = []
    suite.cases = [try suiteCase("dense")]
    suite.contenderKernels = KernelComparison(
      baseline: ["any/*", "other", "absent/*"], contender: ["best"])
    let plan = try Plan(suites: [suite], selection: selection, options: PlanOptions())
    #expect(plan.groups.count == 1)
    #expect(plan.groups[0].entries.map(\.contender.kernel) == ["any/nchw", "other", "wide/nchw"])
    #expect(plan.groups[0].pairs.map { [$0.baseline, $0.contender] } == [[0, 2], [1, 2]])
  }

  @Test("takes --kernels for the contenders of a suite that compares variants")
  func askedKernels() throws {
    var suite = try suite()
    suite.comparisons = []
    suite.cases = [try suiteCase("dense")]
    suite.contenderKernels = KernelComparison(
      baseline: ["any/*", "other", "absent/*"], contender: ["best"])
    func kernels(_ asked: String) throws -> [[String]] {
      let plan = try Plan(
        suites: [suite], selection: selection, options: PlanOptions(kernels: [asked]))
      let group = try #require(plan.groups.first)
      return group.pairs.map { pair in
        [pair.baseline, pair.contender].map { group.entries[$0].contender.kernel }
      }
    }
    #expect(try kernels("wide/*") == [["any/nchw", "wide/nchw"], ["other", "wide/nchw"]])
    #expect(try kernels("any/*") == [["other", "any/nchw"]])
    #expect(
      throws: PlanningError.noKernelMatches(
        pattern: "absent/*", available: ["wide/nchw", "any/nchw", "other"])
    ) { try kernels("absent/*") }
  }

  @Test("measures added kernels beside those that the suite names, once each")
  func addedKernels() throws {
    var suite = try suite(kernels: ["any/*"])
    suite.comparisons = []
    suite.cases = [try suiteCase("dense")]
    let options = PlanOptions(addedKernels: ["other", "any/*"])
    var plan = try Plan(suites: [suite], selection: selection, options: options)
    #expect(plan.groups[0].entries.map(\.contender.kernel) == ["any/nchw", "other"])
    suite.contenderKernels = KernelComparison(baseline: ["any/*"], contender: ["best"])
    plan = try Plan(
      suites: [suite], selection: selection, options: PlanOptions(addedKernels: ["other"]))
    #expect(plan.groups[0].entries.map(\.contender.kernel) == ["any/nchw", "wide/nchw", "other"])
    #expect(plan.groups[0].pairs.map { [$0.baseline, $0.contender] } == [[0, 1], [0, 2]])
  }

  @Test("asks an external contender for a chain, too: it says itself whether it can")
  func externalsAreAskedForChains() throws {
    let step = try ProblemDescriptor.parse("ic8ih8oc8kh3ph1")
    let suite = Suite(
      name: "s", title: "t", cases: [SuiteCase(name: "chain", steps: [step, step])],
      kernels: ["other"])
    let plan = try Plan(suites: [suite], selection: selection, options: PlanOptions())
    guard case .external("other") = plan.groups[0].entries[0].contender else {
      Issue.record("planned with \(plan.groups[0].entries[0].contender)")
      return
    }
  }
}
