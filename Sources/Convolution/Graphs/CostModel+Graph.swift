// SPDX-License-Identifier: Apache-2.0

extension CostModel {
  /// The cost of a graph, run node after node.
  ///
  /// Only convolutions have multiply-accumulates and parameters; every node reads its sources and
  /// writes its result once, as it is without fusion.
  public init(_ graph: OperationGraph) {
    self.init(sequence: graph.convolutions.map { CostModel($0.problem) })
    for node in graph.nodes {
      if case .convolution = node.operation { continue }
      let floats = node.sources.reduce(node.shape.count) { $0 + graph.shape($1).count }
      trafficBytes += MemoryLayout<Float>.stride * floats
    }
  }
}
