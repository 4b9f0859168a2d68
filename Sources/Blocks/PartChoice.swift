// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Which sources of a concatenation can be computed inside its result.
///
/// Blocks of a blocked layout are like activations of their own. Where channels are innermost, a
/// part has wider steps between pixels than it has channels, and whoever writes or reads it must
/// know them.
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
    for (source, channel, channels) in Fragment(graph, [place]).parts {
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
    }
    return placements
  }

  /// Whether the step that writes a tensor, and all that read it in its own layout, know of steps
  /// between pixels.
  private func isKnownToAll(_ tensor: GraphTensor) -> Bool {
    steps.indices.allSatisfy { index in
      let writes = tensor == .node(steps[index].result)
      let reads = steps[index].fragment.reads.contains(tensor)
      // What is reordered first is read by the reorder.
      if !writes, !reads || layouts.inputLayout(index) != layouts.layout(tensor) { return true }
      return layouts.implementation(index).takesParts(steps[index].fragment, reading: reads)
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
      let fragment = step.fragment
      guard !fragment.convolutions.isEmpty, let addend = fragment.addend else { return false }
      return addend == tensor || tensor == .node(step.result)
    }
  }
}
