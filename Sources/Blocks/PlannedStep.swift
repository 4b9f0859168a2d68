// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Nodes that will run together, before layouts and memory are decided.
struct PlannedStep {
  /// The nodes, in order; only the last one's result is written.
  var nodes: [Int]
  /// Whether its sources are computed where its result wants them, so that little or nothing runs.
  var isInPlace = false

  /// The node whose result is written.
  var result: Int { nodes[nodes.count - 1] }

  /// The tensors that it reads and does not compute itself, each once.
  func reads(_ graph: OperationGraph) -> [GraphTensor] {
    var own = Set(nodes.map { GraphTensor.node($0) })
    var tensors: [GraphTensor] = []
    for source in nodes.flatMap({ graph.nodes[$0].sources }) where own.insert(source).inserted {
      tensors.append(source)
    }
    return tensors
  }

  /// The convolution of the step with what follows it in its store; nil for other steps.
  func convolution(_ graph: OperationGraph) -> (node: Int, operation: ConvolutionOperation)? {
    for node in nodes {
      guard var operation = graph.nodes[node].convolution else { continue }
      operation.epilogue.hasReLU = nodes.contains { graph.nodes[$0].operation == .relu }
      return (node, operation)
    }
    return nil
  }

  /// The deformable convolution of the step, with what follows it in its store.
  func deformable(_ graph: OperationGraph) -> DeformableOperation? {
    guard let (node, operation) = convolution(graph),
      case .deformable(let deformable) = graph.nodes[node].operation
    else { return nil }
    return try? DeformableOperation(
      operation, offsetGroups: deformable.offsetGroups, isModulated: deformable.isModulated)
  }

  /// What the convolution of the step adds to its sums; nil where nothing.
  func addend(_ graph: OperationGraph) -> GraphTensor? {
    guard convolution(graph) != nil,
      let addition = nodes.first(where: { graph.nodes[$0].operation == .add })
    else { return nil }
    return graph.nodes[addition].sources.first { !computes($0) }
  }

  /// Groups of the shuffle through which the convolution of the step reads; 1 without one.
  func shuffleGroups(_ graph: OperationGraph) -> Int {
    guard nodes.count > 1, case .shuffle(let groups) = graph.nodes[nodes[0]].operation else {
      return 1
    }
    return groups
  }

  private func computes(_ tensor: GraphTensor) -> Bool {
    nodes.contains { .node($0) == tensor }
  }
}
