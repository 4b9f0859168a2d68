// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs

/// Writes a suite as the text of a suite file.
///
/// Axes are already expanded, so every case and comparison is written out; what is read back is
/// equal to what was written, except for the name, which is the file's, and the notes.
public enum SuiteWriter {
  /// The text of a suite file.
  public static func text(_ suite: Suite) -> String {
    // What is empty, or as it is where nothing is said, is left out.
    var members = ""
    func add(_ name: String, _ text: String?) {
      if let text { members += "  \(name): \(text),\n" }
    }
    add("title", quoted(suite.title))
    add("question", suite.question.isEmpty ? nil : quoted(suite.question))
    add("answer", suite.answer.map { quoted($0.text) })
    add("source", suite.source.isEmpty ? nil : quoted(suite.source))
    add("kernels", list(suite.kernels, unless: suite.kernels == Suite.defaultKernels, quoted))
    add("workers", list(suite.workers, unless: suite.workers.isEmpty) { "\($0)" })
    let isUsual = suite.caches == Suite.defaultCaches
    add("cache", list(suite.caches, unless: isUsual) { quoted($0.rawValue) })
    add("contenderKernels", suite.contenderKernels.map { object($0) })
    add("explains", list(suite.explains, unless: suite.explains.isEmpty) { quoted($0.rawValue) })
    let cases = suite.cases.filter { $0.partOf == nil && $0.model == nil }
    add("cases", lines(cases.map { text($0, of: suite, isListed: true) }))
    add("comparisons", listed(suite.comparisons) { text($0, of: suite) })
    add("externalContenders", listed(suite.externalContenders) { object($0) })
    add("published", listed(suite.published) { object($0) })
    return "{\n\(members)}\n"
  }

  private static func list<Element>(
    _ elements: [Element], unless isUsual: Bool, _ text: (Element) -> String
  ) -> String? {
    isUsual ? nil : list(elements.map(text))
  }

  private static func listed<Element>(
    _ elements: [Element], _ text: (Element) -> String
  ) -> String? {
    elements.isEmpty ? nil : lines(elements.map(text))
  }

  /// A case: its descriptor alone where that says everything.
  private static func text(
    _ suiteCase: SuiteCase, of suite: Suite, isListed: Bool
  ) -> String {
    if let graph = suiteCase.graph {
      let hasLayers = isListed && suite.cases.contains { $0.partOf == suiteCase.name }
      return text(suiteCase, graph, isListed: isListed, hasLayers: hasLayers)
    }
    let steps = suiteCase.steps.map { quoted(Template.escape(ProblemDescriptor.print($0))) }
    let stepsText = steps.count == 1 ? steps[0] : list(steps)
    var members: [(String, String)] = []
    if suiteCase.name != SuiteCase.derivedName(suiteCase.steps, suiteCase.epilogue) {
      members.append(("name", quoted(Template.escape(suiteCase.name))))
    }
    members.append(("steps", stepsText))
    if suiteCase.epilogue != Epilogue() {
      members.append(("epilogue", quoted(suiteCase.epilogue.suiteName)))
    }
    if suiteCase.multiplicity != SuiteCase.derivedMultiplicity(suiteCase.steps) {
      members.append(("multiplicity", "\(suiteCase.multiplicity)"))
    }
    if isListed, !suiteCase.axes.isEmpty {
      members.append(("axes", axes(suiteCase.axes, order: suiteCase.axes.keys.sorted())))
    }
    return members.count == 1 ? stepsText : object(members)
  }

  /// A block, its placeholders filled in and every source named.
  private static func text(
    _ suiteCase: SuiteCase, _ graph: OperationGraph, isListed: Bool, hasLayers: Bool
  ) -> String {
    let input = graph.input
    let width = input.extent.width == input.extent.height ? "" : "iw\(input.extent.width)"
    let batch = input.batch == 1 ? "" : "mb\(input.batch)"
    var members = [
      ("name", quoted(Template.escape(suiteCase.name))),
      ("form", quoted(suiteCase.form.rawValue)),
      ("input", quoted("\(batch)ic\(input.channels)ih\(input.extent.height)\(width)")),
    ]
    if suiteCase.multiplicity != 1 { members.append(("multiplicity", "\(suiteCase.multiplicity)")) }
    if isListed, !suiteCase.axes.isEmpty {
      members.append(("axes", axes(suiteCase.axes, order: suiteCase.axes.keys.sorted())))
    }
    if hasLayers { members.append(("layers", "true")) }
    let nodes = graph.nodes.map { node in "      \(text(node, of: graph)),\n" }.joined()
    members.append(("block", "[\n\(nodes)    ]"))
    return object(members)
  }

  private static func text(_ node: OperationGraph.Node, of graph: OperationGraph) -> String {
    let name = ("name", quoted(Template.escape(node.name)))
    let sources = list(node.sources.map { quoted(Template.escape(graph.name($0))) })
    func convolution(_ kind: String, _ problem: ConvolutionProblem, hasBias: Bool) -> String {
      object(
        [name, (kind, quoted(ProblemDescriptor.print(problem))), ("from", sources)]
          + (hasBias ? [("epilogue", quoted("bias"))] : [])
          + (node.gain == 1 ? [] : [("gain", "\(node.gain)")]))
    }
    switch node.operation {
    case .convolution(let problem, let bias): return convolution("conv", problem, hasBias: bias)
    case .deformable(let operation):
      let inner = operation.convolution
      return convolution("deform", inner.problem, hasBias: inner.epilogue.hasBias)
    case .pooling(let pooling):
      return object([
        name, ("pool", quoted(pooling.kind.rawValue)), ("from", sources),
        ("window", quoted(ProblemDescriptor.print(pooling.window))),
      ])
    case .shuffle(let groups): return object([name, ("shuffle", "\(groups)"), ("from", sources)])
    case .relu, .sigmoid, .add, .scale, .concatenation:
      return object([name, (node.operation.name, sources)])
    default: preconditionFailure("blocks of suites have no \(node.operation.name)")
    }
  }

  private static func text(_ comparison: SuiteComparison, of suite: Suite) -> String {
    var members = [("name", quoted(Template.escape(comparison.name)))]
    if !comparison.axes.isEmpty {
      members.append(("axes", axes(comparison.axes, order: suite.axisNames)))
    }
    for (key, name) in [
      ("baseline", comparison.baselineCase), ("contender", comparison.contenderCase),
    ] {
      if let suiteCase = suite.suiteCase(named: name) {
        members.append((key, text(suiteCase, of: suite, isListed: false)))
      }
    }
    return object(members)
  }

  /// Axes of one value each, which label without taking part in names.
  private static func axes(_ values: [String: String], order: [String]) -> String {
    object(
      order.compactMap { name in
        values[name].map { value in
          (name, "[\(isInteger(value) ? value : quoted(value))]")
        }
      })
  }
}

extension SuiteWriter {
  private static func object(_ members: [(String, String)]) -> String {
    "{ \(members.map { "\($0.0): \($0.1)" }.joined(separator: ", ")) }"
  }

  private static func object(_ kernels: KernelComparison) -> String {
    object([
      ("baseline", list(kernels.baseline.map(quoted))),
      ("contender", list(kernels.contender.map(quoted))),
    ])
  }

  private static func object(_ program: ExternalContender) -> String {
    object([("name", quoted(program.name)), ("exec", list(program.exec.map(quoted)))])
  }

  private static func object(_ figures: PublishedFigures) -> String {
    var members = [("on", quoted(figures.hardware)), ("source", quoted(figures.source))]
    if figures.reference != .baseline {
      members.append(("against", quoted(figures.reference.rawValue)))
    }
    let speedups = figures.speedups.sorted { $0.key < $1.key }.map { name, speedup in
      switch speedup {
      case .factor(let factor): (quoted(name), "\(factor)")
      case .direction(let direction): (quoted(name), quoted(direction.rawValue))
      }
    }
    if !speedups.isEmpty { members.append(("speedups", object(speedups))) }
    let explained = figures.explained.sorted { $0.key.rawValue < $1.key.rawValue }
    if !explained.isEmpty {
      members.append(("r2", object(explained.map { ($0.key.rawValue, "\($0.value)") })))
    }
    return object(members)
  }

  private static func isInteger(_ text: String) -> Bool {
    Int(reading: text, in: Int.min...Int.max).map(String.init) == text
  }

  private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  private static func lines(_ items: [String]) -> String {
    "[\n" + items.map { "    \($0),\n" }.joined() + "  ]"
  }

  /// Text in quotes: in single ones where it holds double ones, as descriptors with names do.
  private static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("\"") && !text.contains("'") ? "'" : "\""
    var quoted = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": quoted.append(contentsOf: ["\\", scalar])
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        let padding = digits.count < 2 ? "0" : ""
        quoted.append(contentsOf: "\\x\(padding)\(digits)".unicodeScalars)
      default: quoted.append(scalar)
      }
    }
    quoted.append(quote)
    return String(quoted)
  }
}
