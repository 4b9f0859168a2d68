// SPDX-License-Identifier: Apache-2.0

public import Convolution
public import KernelCatalog

/// Runs operation graphs in one form, each fragment by what is predicted fastest.
public struct GraphRunner: GraphVariant {
  /// What names it: `block/unfused/avx2`, or the implementation that somebody asked for.
  public let identity: VariantIdentity
  /// How it runs graphs.
  public let form: GraphForm
  private let catalog: KernelCatalog
  private let preferred: VariantIdentity?
  private let accuracy: AccuracyClass

  /// A runner that picks among the implementations of `catalog`; `preferred` computes every fragment
  /// that it can.
  public init(
    _ form: GraphForm, catalog: KernelCatalog, accuracy: AccuracyClass = .exact,
    preferred: VariantIdentity? = nil
  ) {
    self.form = form
    self.catalog = catalog
    self.preferred = preferred
    self.accuracy = accuracy
    var identity =
      preferred
      ?? VariantIdentity(
        family: "block", layout: form.rawValue, instructionSet: catalog.widestInstructionSet)
    identity.accuracy = accuracy
    self.identity = identity
  }

  /// Every form that a graph can be run in.
  public static func all(
    _ catalog: KernelCatalog, accuracy: AccuracyClass = .exact
  ) -> [GraphRunner] {
    GraphForm.allCases.map { GraphRunner($0, catalog: catalog, accuracy: accuracy) }
  }

  /// For each implementation that computes parts of graphs only, a runner of what it is a part of.
  public static func parts(
    _ catalog: KernelCatalog, accuracy: AccuracyClass = .exact
  ) -> [GraphRunner] {
    catalog.parts.map {
      GraphRunner(.fused, catalog: catalog, accuracy: accuracy, preferred: $0.identity)
    }
  }

  /// Supported where each fragment has an implementation, and one that was asked for is among them.
  public func support(_ graph: OperationGraph, workers: Int) -> Support {
    guard let plan = plan(graph, workers) else {
      return .unsupported(reason: "a convolution of the block has no variant in a common layout")
    }
    guard preferred == nil || !ofPreferred(plan).isEmpty else {
      return .unsupported(reason: "it computes no part of the block")
    }
    return .supported
  }

  /// What was joined and what not, and why.
  public func remark(_ graph: OperationGraph, workers: Int) -> String {
    guard form == .fused, let plan = plan(graph, workers) else {
      return "node after node, each convolution by the variant predicted fastest"
    }
    let own = ofPreferred(plan).map(\.fragment).flatMap(\.nodes).map { graph.nodes[$0].name }
    let asked = preferred == nil ? "" : "computes \(own.joined(separator: ", ")); "
    let joined = plan.joined.isEmpty ? "nothing" : plan.joined.joined(separator: "; ")
    let left = plan.left.isEmpty ? "" : "; not joined: \(plan.left.joined(separator: "; "))"
    return "\(asked)joined: \(joined)\(left)"
  }

  /// The steps that the implementation computes which somebody asked for.
  private func ofPreferred(_ plan: GraphPlan) -> [PlannedStep] {
    plan.steps.indices.filter { plan.layouts.implementation($0).identity == preferred }
      .map { plan.steps[$0] }
  }

  /// Plans steps, layouts and memory, and packs the weights.
  public func prepare(
    _ graph: OperationGraph, weights: GraphWeights, workers: Int
  ) throws -> PreparedGraph {
    guard let plan = plan(graph, workers) else {
      preconditionFailure("prepared is what is supported")
    }
    var builder = try GraphBuilder(plan, weights: weights, workers: workers)
    return try builder.prepared(implementation: implementation(plan))
  }

  private func plan(_ graph: OperationGraph, _ workers: Int) -> GraphPlan? {
    let choice = JoinChoice(
      catalog, workers: workers, accuracy: accuracy, preferred: preferred)
    return GraphPlan(graph, form: form, choice: choice, workers: workers)
  }

  /// What computes the convolutions.
  private func implementation(_ plan: GraphPlan) -> String {
    plan.steps.indices.compactMap { index -> String? in
      let names = plan.steps[index].fragment.convolutions.map { plan.graph.nodes[$0].name }
      guard !names.isEmpty else { return nil }
      return "\(names.joined(separator: " and ")) \(plan.layouts.implementation(index).identity.id)"
    }.joined(separator: "; ")
  }
}
