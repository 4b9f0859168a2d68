// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Which sources of a concatenation can be computed inside its result.
///
/// Blocks of a blocked layout are like activations of their own. Where channels are innermost, a
/// part has wider steps between pixels than it has channels, and whoever writes or reads it must
/// know them: the kernels between convolutions do, and variants that join.
struct PartChoice {
  private let graph: OperationGraph
  private let steps: [PlannedStep]
  private let layouts: LayoutPlanner

  init(_ graph: OperationGraph, _ steps: [PlannedStep], _ layouts: LayoutPlanner) {
    self.graph = graph
    self.steps = steps
    self.layouts = layouts
  }

  /// The sources of the concatenation at `place` that lie in it, and where.
  func placements(
    _ place: Int
  ) -> [GraphTensor: (concatenation: GraphTensor, firstChannel: Int)] {
    let result = GraphTensor.node(place)
    let layout = layouts.layout(result)
    var placements: [GraphTensor: (concatenation: GraphTensor, firstChannel: Int)] = [:]
    var channel = 0
    for source in graph.nodes[place].sources {
      let channels = graph.shape(source).channels
      let isLast = channel + channels == graph.nodes[place].shape.channels
      let fits =
        switch layout {
        case .channelBlocked(let lanes):
          channel % lanes == 0 && (channels % lanes == 0 || isLast)
        case .nhwc: isKnownToAll(source)
        case .nchw: false
        }
      if source != .input, !isConstant(source), fits, layouts.layout(source) == layout,
        !isAddend(source)
      {
        placements[source] = (result, channel)
      }
      channel += channels
    }
    return placements
  }

  /// Whether the step that writes a tensor, and all that read it in its own layout, know of steps
  /// between pixels.
  private func isKnownToAll(_ tensor: GraphTensor) -> Bool {
    steps.indices.allSatisfy { index in
      let writes = tensor == .node(steps[index].result)
      let reads = steps[index].reads(graph).contains(tensor)
      guard writes || reads else { return true }
      if steps[index].separable(graph) != nil {
        return !reads || layouts.inputLayout(index) != layouts.layout(tensor)
      }
      guard let (_, operation) = steps[index].convolution(graph) else { return true }
      guard steps[index].deformable(graph) == nil else { return false }
      // What is reordered first is read by the reorder.
      if !writes, layouts.inputLayout(index) != layouts.layout(tensor) { return true }
      let variant = layouts.variant(index) as? any JoiningVariant
      return variant?.can(.parts, operation) ?? false
    }
  }

  /// Whether nothing computes the tensor: it must stay from one image to the next.
  private func isConstant(_ tensor: GraphTensor) -> Bool {
    guard case .node(let place) = tensor, case .constant = graph.nodes[place].operation else {
      return false
    }
    return true
  }

  /// Whether sums start from the tensor, or from another one where it is written: both must then
  /// have the same steps.
  private func isAddend(_ tensor: GraphTensor) -> Bool {
    steps.contains { step in
      guard step.convolution(graph) != nil || step.separable(graph) != nil,
        let addend = step.addend(graph)
      else { return false }
      return addend == tensor || tensor == .node(step.result)
    }
  }
}
