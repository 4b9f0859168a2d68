// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The memory of a graph's tensors, planned once: what nobody reads any more is used again.
struct GraphMemory {
  /// Where each tensor lies.
  private(set) var activations: [GraphTensor: Activation] = [:]
  /// The buffers.
  private(set) var buffers: [AlignedBuffer] = []
  /// Where reordered copies lie, by tensor and step.
  private(set) var reordered: [Reorder: Activation] = [:]

  /// A tensor that a step wants in its own layout.
  struct Reorder: Hashable {
    var tensor: GraphTensor
    var step: Int
  }

  /// Memory that steps need from their `first` to their `last`.
  private struct Region {
    var floats: Int
    var first: Int
    var last: Int
  }

  /// Allocates what `plan` needs.
  /// - Throws: `MemoryError`.
  init(_ plan: GraphPlan) throws(MemoryError) {
    let input = try Activation(plan.graph.input, layout: plan.layouts.layout(.input))
    activations[.input] = input
    var regions: [(key: Key, region: Region)] = Self.tensors(plan)
    regions += Self.reorders(plan)
    regions.sort { ($0.region.first, $0.region.floats) < ($1.region.first, $1.region.floats) }
    var free: [(buffer: AlignedBuffer, until: Int)] = []
    for (key, region) in regions {
      let fitting = free.indices.filter {
        free[$0].until < region.first && free[$0].buffer.count >= region.floats
      }
      let place = fitting.min { free[$0].buffer.count < free[$1].buffer.count }
      let buffer: AlignedBuffer
      if let place {
        buffer = free[place].buffer
        free[place].until = region.last
      } else {
        buffer = try AlignedBuffer(count: region.floats)
        free.append((buffer, region.last))
      }
      put(key, plan, in: buffer)
    }
    buffers = [input.buffer] + free.map(\.buffer)
    putParts(plan)
  }

  private enum Key {
    case tensor(GraphTensor)
    case reorder(Reorder)
  }

  private mutating func put(_ key: Key, _ plan: GraphPlan, in buffer: AlignedBuffer) {
    switch key {
    case .tensor(let tensor):
      activations[tensor] = Activation(
        plan.graph.shape(tensor), layout: plan.layouts.layout(tensor), over: buffer)
    case .reorder(let reorder):
      reordered[reorder] = Activation(
        plan.graph.shape(reorder.tensor), layout: plan.layouts.inputLayout(reorder.step),
        over: buffer)
    }
  }

  /// Tensors inside others.
  private mutating func putParts(_ plan: GraphPlan) {
    for tensor in plan.placements.keys {
      let root = plan.root(of: tensor)
      guard let whole = activations[root.tensor] else { continue }
      activations[tensor] = Activation(
        partOf: whole, firstChannel: root.firstChannel,
        channels: plan.graph.shape(tensor).channels)
    }
  }

  /// Tensors with memory of their own, from the first step that writes a part of them to the last
  /// that reads one.
  private static func tensors(_ plan: GraphPlan) -> [(key: Key, region: Region)] {
    var regions: [GraphTensor: Region] = [:]
    for (index, step) in plan.steps.enumerated() {
      let tensor = GraphTensor.node(step.result)
      let root = plan.root(of: tensor).tensor
      let readers = plan.steps.indices.filter { plan.steps[$0].fragment.reads.contains(tensor) }
      // The graph's own results are read after the last step.
      let isResult = readers.isEmpty || plan.graph.kept.contains(step.result)
      let last = isResult ? plan.steps.count : readers.max() ?? plan.steps.count
      let floats = plan.layouts.layout(root).count(plan.graph.shape(root))
      var region = regions[root] ?? Region(floats: floats, first: index, last: last)
      region.first = min(region.first, index)
      region.last = max(region.last, last)
      // Constants are there before the first step and after the last, for the next image.
      if case .constant = plan.graph.nodes[step.result].operation {
        (region.first, region.last) = (-1, plan.steps.count)
      }
      regions[root] = region
    }
    return regions.sorted { $0.value.first < $1.value.first }.map { (.tensor($0.key), $0.value) }
  }

  private static func reorders(_ plan: GraphPlan) -> [(key: Key, region: Region)] {
    plan.steps.enumerated().flatMap { index, step in
      step.fragment.reads.filter { tensor in
        plan.layouts.layout(tensor) != plan.layouts.inputLayout(index)
          // A concatenation copies from any layout by itself.
          && plan.graph.nodes[step.result].operation != .concatenation
      }.map { tensor in
        let floats = plan.layouts.inputLayout(index).count(plan.graph.shape(tensor))
        return (
          .reorder(Reorder(tensor: tensor, step: index)),
          Region(floats: floats, first: index, last: index)
        )
      }
    }
  }
}
