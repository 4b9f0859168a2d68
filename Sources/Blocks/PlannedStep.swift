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
      guard case .convolution(let problem, let hasBias) = graph.nodes[node].operation else {
        continue
      }
      let hasReLU = nodes.contains { graph.nodes[$0].operation == .relu }
      return (
        node,
        ConvolutionOperation(problem, epilogue: Epilogue(hasBias: hasBias, hasReLU: hasReLU))
      )
    }
    return nil
  }
}
