// SPDX-License-Identifier: Apache-2.0

/// Operations that only move elements, on plain tensors.
enum GraphMove {
  /// The result of an operation that `isMove`.
  static func result<Element: BinaryFloatingPoint>(
    _ node: OperationGraph.Node, _ sources: [[Element]], shapes: [ActivationShape]
  ) -> [Element] {
    switch node.operation {
    case .selection(let selection):
      selection.result(sources[0], shapes[0], fill: Element(selection.fill))
    case .rearrangement(let rearrangement): rearrangement.places().map { sources[0][$0] }
    default: ofChannels(node, sources, shapes: shapes)
    }
  }

  private static func ofChannels<Element>(
    _ node: OperationGraph.Node, _ sources: [[Element]], shapes: [ActivationShape]
  ) -> [Element] {
    let area = node.shape.extent.area
    var result: [Element] = []
    result.reserveCapacity(node.shape.count)
    for image in 0..<node.shape.batch {
      if case .shuffle(let groups) = node.operation {
        for channel in 0..<node.shape.channels {
          let from = GraphOperation.shuffledSource(
            channel, groups: groups, channels: node.shape.channels)
          let plane = (image * node.shape.channels + from) * area
          result += sources[0][plane..<plane + area]
        }
      } else {
        for (source, shape) in zip(sources, shapes) {
          let start = image * shape.channels * area
          result += source[start..<start + shape.channels * area]
        }
      }
    }
    return result
  }
}
