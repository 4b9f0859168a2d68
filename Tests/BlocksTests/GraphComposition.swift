// SPDX-License-Identifier: Apache-2.0

@testable import Convolution

/// A graph computed as it is written, operation after operation, in Double.
///
/// This is what every form of a block is held to: no fusion, no packing, no layout.
struct GraphComposition: Sendable {
  /// The result of each node, plain `[N][C][H][W]`.
  let values: [[Double]]

  /// Computes all nodes of `graph`.
  /// - Requires: `input` of the graph's input shape; weights for its convolutions.
  init(_ graph: OperationGraph, input: [Float], weights: GraphWeights) {
    precondition(input.count == graph.input.count)
    let doubles = input.map(Double.init)
    var values: [[Double]] = []
    for (place, node) in graph.nodes.enumerated() {
      if case .constant = node.operation {
        values.append((weights.constants[place] ?? []).map(Double.init))
        continue
      }
      let sources = node.sources.map { source in
        if case .node(let place) = source { values[place] } else { doubles }
      }
      values.append(
        Self.result(node, sources, graph, weights: weights.ofNodes[place]))
    }
    self.values = values
  }

  private static func result(
    _ node: OperationGraph.Node, _ sources: [[Double]], _ graph: OperationGraph, weights: Weights?
  ) -> [Double] {
    switch node.operation {
    case .convolution(let problem, _):
      guard let weights else { preconditionFailure("a convolution has weights") }
      return convolution(problem, sources[0], weights)
    case .deformable(let operation):
      guard let weights else { preconditionFailure("a convolution has weights") }
      let floats = sources.map { $0.map { Float($0) } }
      return ReferenceConvolution(
        operation, input: floats[0], offsets: floats[1], mask: floats.dropFirst(2).first ?? [],
        weights: weights
      ).values
    case .pooling(let pooling): return pool(pooling, sources[0])
    case .relu: return sources[0].map { $0.rectified }
    case .sigmoid: return sources[0].map(GraphTrack.sigmoid)
    case .add: return zip(sources[0], sources[1]).map { $0 + $1 }
    case .scale:
      let area = node.shape.extent.area
      return sources[0].enumerated().map { $1 * sources[1][$0 / area] }
    case .concatenation, .shuffle, .selection, .rearrangement:
      return GraphMove.result(node, sources, shapes: node.sources.map(graph.shape))
    case .point(let function): return sources[0].map { function($0) }
    case .combination(let combination):
      return Combination.values(
        sources[0], graph.shape(node.sources[0]), sources[1], graph.shape(node.sources[1]),
        shape: node.shape
      ) { combination($0, $1) }
    case .resize(let resize):
      let shape = graph.shape(node.sources[0])
      return resize.result(
        sources[0], planes: shape.batch * shape.channels, extent: shape.extent)
    case .softmax: return PixelOperation.result(sources[0], node.shape, PixelOperation.softmax)
    case .normalization(let epsilon):
      return PixelOperation.result(sources[0], node.shape) {
        PixelOperation.normalized($0, epsilon: Double(epsilon))
      }
    case .constant: preconditionFailure("a constant has its values already")
    }
  }

  private static func convolution(
    _ problem: ConvolutionProblem, _ input: [Double], _ weights: Weights
  ) -> [Double] {
    var output: [Double] = []
    output.reserveCapacity(problem.outputShape.count)
    let terms = problem.inChannelsPerGroup
    for image in 0..<problem.batch {
      for channel in 0..<problem.outChannels {
        let firstInput =
          image * problem.inChannels + channel / problem.outChannelsPerGroup * terms
        for row in 0..<problem.output.height {
          for column in 0..<problem.output.width {
            var sum = weights.bias.isEmpty ? 0 : Double(weights.bias[channel])
            problem.forEachTap(row: row, column: column) { tap, pixel in
              for term in 0..<terms {
                let weight = weights.filter[
                  (channel * terms + term) * problem.kernel.area + tap]
                sum += Double(weight) * input[(firstInput + term) * problem.input.area + pixel]
              }
            }
            output.append(sum)
          }
        }
      }
    }
    return output
  }

  private static func pool(_ pooling: Pooling, _ input: [Double]) -> [Double] {
    let window = pooling.window
    var output: [Double] = []
    for plane in 0..<window.batch * window.inChannels {
      for row in 0..<window.output.height {
        for column in 0..<window.output.width {
          var sum = 0.0
          var largest = -Double.infinity
          var count = 0
          window.forEachTap(row: row, column: column) { _, pixel in
            let value = input[plane * window.input.area + pixel]
            sum += value
            largest = largest.maximumOrNaN(value)
            count += 1
          }
          output.append(pooling.kind == .largest ? largest : sum / Double(count))
        }
      }
    }
    return output
  }
}
