// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import KernelCatalog

/// Runs operation graphs in one form, each convolution with the variant that is predicted fastest.
public struct GraphRunner: GraphVariant {
  /// What names it: `block/unfused/avx2`.
  public let identity: VariantIdentity
  /// How it runs graphs.
  public let form: GraphForm
  private let catalog: KernelCatalog

  /// A runner that picks among the variants of `catalog`.
  public init(_ form: GraphForm, catalog: KernelCatalog, accuracy: AccuracyClass = .exact) {
    self.form = form
    self.catalog = catalog
    identity = VariantIdentity(
      family: "block", layout: form.rawValue, instructionSet: catalog.widestInstructionSet,
      accuracy: accuracy)
  }

  /// Every form that a graph can be run in.
  public static func all(
    _ catalog: KernelCatalog, accuracy: AccuracyClass = .exact
  ) -> [GraphRunner] {
    GraphForm.allCases.map { GraphRunner($0, catalog: catalog, accuracy: accuracy) }
  }

  /// Supported where each convolution has a variant.
  public func support(_ graph: OperationGraph, workers: Int) -> Support {
    plan(graph, workers) != nil
      ? .supported
      : .unsupported(reason: "a convolution of the block has no variant in a common layout")
  }

  /// What was joined and what not, and why.
  public func remark(_ graph: OperationGraph, workers: Int) -> String {
    guard form == .fused, let plan = plan(graph, workers) else {
      return "node after node, each convolution by the variant predicted fastest"
    }
    let joined = plan.joined.isEmpty ? "nothing" : plan.joined.joined(separator: "; ")
    let left = plan.left.isEmpty ? "" : "; not joined: \(plan.left.joined(separator: "; "))"
    return "joined: \(joined)\(left)"
  }

  /// Plans steps, layouts and memory, and packs the weights.
  public func prepare(
    _ graph: OperationGraph, weights: GraphWeights, workers: Int
  ) throws -> PreparedGraph {
    guard let plan = plan(graph, workers) else {
      preconditionFailure("prepared is what is supported")
    }
    var builder = try GraphBuilder(
      plan, weights: weights, instructionSet: catalog.widestInstructionSet, workers: workers)
    return try builder.prepared(implementation: implementation(plan))
  }

  private func plan(_ graph: OperationGraph, _ workers: Int) -> GraphPlan? {
    GraphPlan(
      graph, form: form, catalog: catalog, workers: workers, accuracy: identity.accuracy)
  }

  /// The variant of each convolution.
  private func implementation(_ plan: GraphPlan) -> String {
    plan.steps.indices.compactMap { index -> String? in
      let step = plan.steps[index]
      if let (depthwise, pointwise, _) = step.separable(plan.graph) {
        let names = [depthwise, pointwise].map { plan.graph.nodes[$0].name }
        return plan.layouts.separable(index).map {
          "\(names.joined(separator: " and ")) \($0.identity.id)"
        }
      }
      guard let (node, _) = step.convolution(plan.graph) else { return nil }
      let id =
        step.deformable(plan.graph) != nil
        ? DeformableVariant(catalog.widestInstructionSet).identity.id
        : plan.layouts.variant(index)?.identity.id
      return id.map { "\(plan.graph.nodes[node].name) \($0)" }
    }.joined(separator: "; ")
  }
}
