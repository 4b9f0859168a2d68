// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Nodes that will run together, before layouts and memory are decided.
struct PlannedStep {
  /// The nodes, in order; only the last one's result is written.
  var nodes: [Int]
  /// Whether its sources are computed where its result wants them, so that little or nothing runs.
  var isInPlace = false
  /// Whether its convolution sums each channel of its result while it writes it.
  var sumsChannels = false
  /// The step whose channel sums it takes instead of reading its input; nil for most.
  var sumsFrom: Int?

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

  /// The convolution of the step with what follows it in its store; nil for other steps, and where
  /// it has two.
  func convolution(_ graph: OperationGraph) -> (node: Int, operation: ConvolutionOperation)? {
    guard nodes.count(where: { graph.nodes[$0].convolution != nil }) == 1 else { return nil }
    for node in nodes {
      guard var operation = graph.nodes[node].convolution else { continue }
      operation.epilogue.hasReLU = hasReLU(graph, in: nodes[...])
      return (node, operation)
    }
    return nil
  }

  /// The two convolutions of the step, a depthwise one and the pointwise one that reads it, with
  /// what follows each; nil for other steps.
  func separable(
    _ graph: OperationGraph
  ) -> (depthwise: Int, pointwise: Int, operation: SeparableOperation)? {
    let places = nodes.indices.filter { graph.nodes[nodes[$0]].convolution != nil }
    guard places.count == 2, var first = graph.nodes[nodes[places[0]]].convolution,
      var second = graph.nodes[nodes[places[1]]].convolution
    else { return nil }
    first.epilogue.hasReLU = hasReLU(graph, in: nodes[..<places[1]])
    second.epilogue.hasReLU = hasReLU(graph, in: nodes[places[1]...])
    return SeparableOperation(first, second).map { (nodes[places[0]], nodes[places[1]], $0) }
  }

  private func hasReLU(_ graph: OperationGraph, in nodes: ArraySlice<Int>) -> Bool {
    nodes.contains { graph.nodes[$0].operation == .relu }
  }

  /// The deformable convolution of the step, with what follows it in its store.
  func deformable(_ graph: OperationGraph) -> DeformableOperation? {
    guard let (node, operation) = convolution(graph),
      case .deformable(let deformable) = graph.nodes[node].operation
    else { return nil }
    return try? DeformableOperation(
      operation, offsetGroups: deformable.offsetGroups, isModulated: deformable.isModulated)
  }

  /// What an addition that was joined to the step adds to its result; nil where none was.
  ///
  /// It may be a tensor that the step reads for something else, too.
  func addend(_ graph: OperationGraph) -> GraphTensor? {
    guard let addition = nodes.dropFirst().first(where: { graph.nodes[$0].operation == .add })
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

  /// What the step asks of its convolution's variant.
  func joins(_ graph: OperationGraph) -> [Join] {
    var joins: [Join] = []
    if addend(graph) != nil { joins.append(.addend) }
    let groups = shuffleGroups(graph)
    if groups > 1 { joins.append(.shuffle(groups: groups)) }
    if sumsChannels { joins.append(.channelSums) }
    return joins
  }

  private func computes(_ tensor: GraphTensor) -> Bool {
    nodes.contains { .node($0) == tensor }
  }
}
