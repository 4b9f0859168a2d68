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
      // The convolution of a deformable one counts already; offsets and mask come on top.
      let isDeformable = node.convolution != nil
      let reads = isDeformable ? node.sources.dropFirst() : node.sources[...]
      let floats = reads.reduce(isDeformable ? 0 : node.shape.count) {
        $0 + graph.shape($1).count
      }
      trafficBytes += ElementType.f32.bytes * floats
    }
  }
}
