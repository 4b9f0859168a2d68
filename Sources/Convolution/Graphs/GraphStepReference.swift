// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a step of a prepared graph should have written, from what it read, with an error bound.
///
/// Each node's value is tracked with a magnitude and a number of roundings: the float result may
/// differ by `γₙ · magnitude`. As every step is held to its bound for what it really read, the
/// whole graph is correct if all steps are.
public struct GraphStepReference: Sendable {
  /// The exact values with the magnitudes that bounds scale with.
  public let reference: ReferenceConvolution
  /// What the written floats are held to.
  public let bound: ErrorBound

  /// Elements on their way through the nodes of a step.
  fileprivate struct Track {
    var values: [Double]
    var magnitudes: [Double]
    var roundings = 0
    /// The places in the tensor; nil where all are there.
    var indices: [Int]?
  }

  /// Roundings of one sigmoid: the polynomial of its exponential, a sum and a division.
  static let sigmoidRoundings = 32

  /// Follows the nodes of a step.
  /// - Parameters:
  ///   - nodes: The step's nodes; all but the first may read the one before.
  ///   - graph: The graph.
  ///   - inputs: What the step read, plain `[N][C][H][W]`.
  ///   - weights: The graph's weights.
  ///   - sampling: The outputs to look at of a convolution that is too large to check in full;
  ///     nil looks at all.
  public init(
    _ nodes: [Int], of graph: OperationGraph, inputs: [GraphTensor: [Float]],
    weights: GraphWeights, sampling: (ConvolutionProblem) -> [Int]?
  ) {
    var exact = inputs
    var track: Track?
    for place in nodes {
      let node = graph.nodes[place]
      if node.operation.isMove, node.sources.allSatisfy({ exact[$0] != nil }) {
        exact[.node(place)] = GraphMove.result(
          node, node.sources.compactMap { exact[$0] }, shapes: node.sources.map(graph.shape))
        continue
      }
      let before = track ?? Self.start(node.sources[0], exact, graph)
      track = Self.follow(
        before, through: node, place: place, graph, exact, weights.ofNodes[place], sampling)
    }
    // A step of moves only has its result among the exact ones.
    let last = nodes[nodes.count - 1]
    let end = track ?? Self.start(.node(last), exact, graph)
    reference = ReferenceConvolution(
      values: end.values, magnitudes: end.magnitudes, sampledIndices: end.indices)
    let product = Double(end.roundings) * 0x1p-24
    bound = ErrorBound(relative: product / (1 - product))
  }

  /// A tensor that is there already: no error, and no magnitude.
  private static func start(
    _ tensor: GraphTensor, _ exact: [GraphTensor: [Float]], _ graph: OperationGraph
  ) -> Track {
    guard let values = exact[tensor] else {
      preconditionFailure("a step reads what it was given, and its nodes follow each other")
    }
    let doubles = values.map(Double.init)
    return Track(values: doubles, magnitudes: doubles.map { abs($0) })
  }

  private static func follow(
    _ track: Track, through node: OperationGraph.Node, place: Int, _ graph: OperationGraph,
    _ exact: [GraphTensor: [Float]], _ weights: Weights?,
    _ sampling: (ConvolutionProblem) -> [Int]?
  ) -> Track {
    let others = node.sources.compactMap { exact[$0] }
    var next = track
    switch node.operation {
    case .convolution(let problem, let hasBias):
      guard let weights, let input = others.first else {
        preconditionFailure("a convolution reads a tensor that is there, and has weights")
      }
      return convolution(problem, hasBias: hasBias, input, weights, sampling(problem))
    case .deformable(let operation):
      guard let weights else { preconditionFailure("a convolution has weights") }
      return deformable(operation, others, weights)
    case .pooling(let pooling): return pool(pooling, track)
    case .relu: next.values = track.values.map { max(0, $0) }
    case .sigmoid:
      next.values = track.values.map(sigmoid)
      // The slope is at most ¼; the function's own roundings count on its value.
      next.magnitudes = zip(track.magnitudes, next.values).map { $0 / 4 + $1 }
      next.roundings += sigmoidRoundings
    case .add:
      let isDouble = node.sources[0] == node.sources[1]
      let other = others.last ?? []
      for index in next.values.indices {
        let addend = isDouble ? track.values[index] : Double(other[track.place(index)])
        next.values[index] += addend
        next.magnitudes[index] += abs(addend)
      }
      next.roundings += 1
    case .scale:
      let factors = others.last ?? []
      for index in next.values.indices {
        let factor = Double(factors[track.place(index) / node.shape.extent.area])
        next.values[index] *= factor
        next.magnitudes[index] *= abs(factor)
      }
      next.roundings += 1
    case .concatenation, .shuffle:
      preconditionFailure("a step moves elements before it computes with them")
    }
    return next
  }

  private static func convolution(
    _ problem: ConvolutionProblem, hasBias: Bool, _ input: [Float], _ weights: Weights,
    _ indices: [Int]?
  ) -> Track {
    let operation = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: hasBias))
    let reference =
      indices.map {
        ReferenceConvolution(operation, input: input, weights: weights, at: $0)
      } ?? ReferenceConvolution(operation, input: input, weights: weights)
    return Track(
      values: reference.values, magnitudes: reference.magnitudes,
      roundings: problem.inChannelsPerGroup * problem.kernel.area + (hasBias ? 1 : 0),
      indices: indices)
  }

  /// Ten roundings more than those of the sum: the weights of four pixels, their sum and the mask.
  private static func deformable(
    _ operation: DeformableOperation, _ inputs: [[Float]], _ weights: Weights
  ) -> Track {
    let reference = ReferenceConvolution(
      operation, input: inputs[0], offsets: inputs[1], mask: inputs.dropFirst(2).first ?? [],
      weights: weights)
    let problem = operation.convolution.problem
    return Track(
      values: reference.values, magnitudes: reference.magnitudes,
      roundings: problem.inChannelsPerGroup * problem.kernel.area + 11)
  }

  private static func pool(_ pooling: Pooling, _ track: Track) -> Track {
    let window = pooling.window
    var next = Track(
      values: [], magnitudes: [], roundings: pooling.kind == .mean ? window.kernel.area + 1 : 0)
    for plane in 0..<window.batch * window.inChannels {
      for row in 0..<window.output.height {
        for column in 0..<window.output.width {
          var (sum, magnitude, largest, count) = (0.0, 0.0, -Double.infinity, 0)
          window.forEachTap(row: row, column: column) { _, pixel in
            let value = track.values[plane * window.input.area + pixel]
            sum += value
            magnitude += abs(value)
            largest = max(largest, value)
            count += 1
          }
          let isMean = pooling.kind == .mean
          next.values.append(isMean ? sum / Double(count) : largest)
          next.magnitudes.append(isMean ? magnitude / Double(count) : 0)
        }
      }
    }
    return next
  }

  /// `1 / (1 + e⁻ˣ)`.
  static func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
}

extension GraphStepReference.Track {
  /// Where the element at `index` stands in its tensor.
  fileprivate func place(_ index: Int) -> Int { indices?[index] ?? index }
}
