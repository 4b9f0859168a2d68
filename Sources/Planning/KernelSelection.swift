// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import Suites

/// The variants on offer, and how one is picked where the user names none.
public struct KernelSelection: Sendable {
  /// Picks a variant for each operation of a chain and says why; nil where one has none.
  public typealias Best =
    @Sendable (_ operations: [ConvolutionOperation], _ workers: Int) -> [(
      variant: any ConvolutionVariant, reason: String
    )]?

  /// The pattern that stands for the selection's own choice.
  public static let bestPattern = "best"

  private let variants: [any ConvolutionVariant]
  private let graphs: [any GraphVariant]
  private let parts: [any GraphVariant]
  private let externals: [String]
  private let best: Best

  /// A selection among `variants`, the ways `graphs` to run blocks, those to run them with an
  /// implementation of `parts` where it can, and the external contenders named `externals`.
  public init(
    variants: [any ConvolutionVariant], graphs: [any GraphVariant] = [],
    parts: [any GraphVariant] = [], externals: [String] = [], best: @escaping Best
  ) {
    self.variants = variants
    self.graphs = graphs
    self.parts = parts
    self.externals = externals
    self.best = best
  }

  /// The first that `pattern` stands for on `suiteCase` and that can compute it; else the first that
  /// cannot, with the reason.
  /// - Throws: `PlanningError.noKernelMatches`.
  public func contender(
    _ pattern: String, for suiteCase: SuiteCase, workers: Int
  ) throws(PlanningError) -> Contender {
    let all = try contenders(matching: pattern, for: suiteCase, workers: workers).map(\.contender)
    return all.first { if case .unsupported = $0 { false } else { true } } ?? all[0]
  }

  /// What `pattern` stands for on `suiteCase`: `best`, or every variant and external contender
  /// whose name matches, those that cannot compute the case included as unsupported.
  /// - Throws: `PlanningError.noKernelMatches`.
  func contenders(
    matching pattern: String, for suiteCase: SuiteCase, workers: Int
  ) throws(PlanningError) -> [(contender: Contender, selection: String?)] {
    if let graph = suiteCase.graph {
      return try contenders(matching: pattern, for: suiteCase, graph: graph, workers: workers)
    }
    if pattern == Self.bestPattern { return [picked(for: suiteCase, workers: workers)] }
    let glob = Glob(pattern)
    let named = variants(matching: glob, for: suiteCase)
      .map { (contender: contender($0, for: suiteCase, workers: workers), selection: String?.none) }
    let outside = externals.filter { glob.matches($0) }
      .map { (contender: Contender.external(name: $0), selection: String?.none) }
    guard !named.isEmpty || !outside.isEmpty else {
      guard (graphs + parts).contains(where: { glob.matches($0.identity.id) }) else {
        throw noneMatches(pattern)
      }
      return [(.unsupported(name: pattern, reason: "it runs blocks, not single convolutions"), nil)]
    }
    return named + outside
  }

  /// Of the variants that `glob` names those for the case's data type; all, where it names no such one, so
  /// that each can say why not.
  private func variants(
    matching glob: Glob, for suiteCase: SuiteCase
  ) -> [any ConvolutionVariant] {
    let named = variants.filter { glob.matches($0.identity.id) }
    let fitting = named.filter {
      $0.identity.instructionSet == nil || $0.identity.dataType == suiteCase.dataType.arithmetic
    }
    return fitting.isEmpty ? named : fitting
  }

  /// What `pattern` stands for on a block: `best` is the form that the suite asks for.
  private func contenders(
    matching pattern: String, for suiteCase: SuiteCase, graph: OperationGraph, workers: Int
  ) throws(PlanningError) -> [(contender: Contender, selection: String?)] {
    let glob = Glob(pattern)
    let isBest = pattern == Self.bestPattern
    var matching = graphs.filter {
      isBest ? $0.form == suiteCase.form : glob.matches($0.identity.id)
    }
    // A part is asked for by name, not by a pattern that means blocks.
    if matching.isEmpty { matching = parts.filter { glob.matches($0.identity.id) } }
    let outside = suiteCase.model == nil ? [] : externals.filter { glob.matches($0) }
    if !outside.isEmpty {
      // Whatever others join of a network is one way to run it.
      return suiteCase.form == .fused ? outside.map { (.external(name: $0), nil) } : []
    }
    guard !matching.isEmpty else {
      let others = variants.map(\.identity.id) + externals
      guard isBest || others.contains(where: { glob.matches($0) }) else {
        throw noneMatches(pattern)
      }
      return [(.unsupported(name: pattern, reason: "it computes single convolutions"), nil)]
    }
    return matching.map { Self.contender($0, graph, workers: workers) }
  }

  private static func contender(
    _ variant: any GraphVariant, _ graph: OperationGraph, workers: Int
  ) -> (contender: Contender, selection: String?) {
    if case .unsupported(let reason) = variant.support(graph, workers: workers) {
      return (.unsupported(name: variant.identity.id, reason: reason), nil)
    }
    return (.graph(variant), variant.remark(graph, workers: workers))
  }

  /// What `runtime` computes `suiteCase` with: its default form, else the first that can.
  /// - Throws: `PlanningError.noKernelMatches`.
  func contender(
    of runtime: Runtime, for suiteCase: SuiteCase, workers: Int
  ) throws(PlanningError) -> (contender: Contender, selection: String?) {
    if let absence = runtime.absence {
      return (.unsupported(name: runtime.forms[0], reason: absence), nil)
    }
    var refusals: [String] = []
    for form in runtime.forms {
      for choice in try contenders(matching: form, for: suiteCase, workers: workers) {
        guard case .unsupported(_, let reason) = choice.contender else {
          return (choice.contender, runtime.remark(form: form, refusals: refusals))
        }
        if !refusals.contains(reason) { refusals.append(reason) }
      }
    }
    let reason = refusals.joined(separator: "; ")
    return (.unsupported(name: runtime.forms[0], reason: reason), nil)
  }

  private func noneMatches(_ pattern: String) -> PlanningError {
    .noKernelMatches(
      pattern: pattern,
      available: variants.map(\.identity.id) + (graphs + parts).map(\.identity.id) + externals)
  }

  private func operations(_ suiteCase: SuiteCase) -> [ConvolutionOperation] {
    suiteCase.steps.map { ConvolutionOperation($0.problem, epilogue: suiteCase.epilogue) }
  }

  private func picked(
    for suiteCase: SuiteCase, workers: Int
  ) -> (contender: Contender, selection: String?) {
    guard let choices = best(operations(suiteCase), workers) else {
      let reason = "no variant of this build and CPU computes \(suiteCase.descriptor)"
      return (.unsupported(name: Self.bestPattern, reason: reason), nil)
    }
    return (.variants(choices.map(\.variant)), choices.map(\.reason).joined(separator: "; "))
  }

  private func contender(
    _ variant: any ConvolutionVariant, for suiteCase: SuiteCase, workers: Int
  ) -> Contender {
    for operation in operations(suiteCase) {
      if case .unsupported(let reason) = variant.support(operation, workers: workers) {
        return .unsupported(name: variant.identity.id, reason: reason)
      }
    }
    return .variants(suiteCase.steps.map { _ in variant })
  }
}
