// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelCatalog

/// Everything decided about a graph from its shapes: steps, layouts, variants, what lies in what.
struct GraphPlan {
  let graph: OperationGraph
  let steps: [PlannedStep]
  let layouts: LayoutPlanner
  /// Tensors that are computed inside a concatenation: which, and from which channel on.
  private(set) var placements: [GraphTensor: (concatenation: GraphTensor, firstChannel: Int)] = [:]
  /// What was joined, and what could not be and why.
  private(set) var joined: [String], left: [String]

  /// Plans; nil where a step has no implementation.
  init?(_ graph: OperationGraph, form: GraphForm, choice: JoinChoice, workers: Int) {
    let planner = StepPlanner(graph, form: form, choice: choice)
    guard let layouts = LayoutPlanner(graph, planner.steps, choice: choice, workers: workers)
    else { return nil }
    (self.graph, self.layouts, steps) = (graph, layouts, planner.steps)
    (joined, left) = (planner.joined, planner.left)
    let parts = PartChoice(graph, planner.steps, layouts)
    for step in planner.steps where step.isInPlace {
      let inside = parts.placements(step.result)
      placements.merge(inside) { first, _ in first }
      remark(graph.nodes[step.result], inside.keys, layouts.layout(.node(step.result)))
    }
  }

  /// Says which sources of a concatenation are `inside` its result already, and which are copied.
  private mutating func remark(
    _ node: OperationGraph.Node, _ inside: some Collection<GraphTensor>, _ layout: Layout
  ) {
    func names(_ tensors: [GraphTensor]) -> String {
      tensors.map(graph.name).joined(separator: ", ")
    }
    if !inside.isEmpty {
      let sorted = inside.map(graph.name).sorted().joined(separator: ", ")
      joined.append("\(node.name) in place for \(sorted)")
    }
    let copied = node.sources.filter { !inside.contains($0) }
    if !copied.isEmpty {
      left.append(
        "\(node.name) copies \(names(copied)): the input, or channels that are no whole block of the "
          + "layout \(layout.name)")
    }
  }

  /// Whether `tensor` is computed where the concatenation `result` has it from `channel` on: a tensor
  /// lies in one place only, and whoever else reads it copies.
  func isInPlace(_ tensor: GraphTensor, in result: GraphTensor, from channel: Int) -> Bool {
    guard let placement = placements[tensor] else { return false }
    return placement.concatenation == result && placement.firstChannel == channel
  }

  /// The tensor in whose memory `tensor` lies, itself or a concatenation, and its first channel.
  func root(of tensor: GraphTensor) -> (tensor: GraphTensor, firstChannel: Int) {
    var root = tensor
    var channel = 0
    while let placement = placements[root] {
      channel += placement.firstChannel
      root = placement.concatenation
    }
    return (root, channel)
  }
}
