// SPDX-License-Identifier: Apache-2.0

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

  private typealias Track = GraphTrack

  /// Follows the nodes of a step.
  /// - Parameters:
  ///   - nodes: The step's nodes; all but the first may read the one before. A convolution behind
  ///     another one is pointwise, without groups.
  ///   - graph: The graph.
  ///   - inputs: What the step read, plain `[N][C][H][W]`.
  ///   - weights: The graph's weights.
  ///   - sampling: The outputs to look at of a convolution that is too large to check in full;
  ///     nil looks at all.
  public init(
    _ nodes: [Int], of graph: OperationGraph, inputs: [GraphTensor: TensorValues],
    weights: GraphWeights, sampling: (ConvolutionProblem) -> [Int]?
  ) {
    var exact = inputs
    var track: Track?
    for place in nodes {
      let node = graph.nodes[place]
      if let known = Self.known(node, place, exact, weights, graph) {
        exact[.node(place)] = known
        continue
      }
      let before = track ?? Self.start(node.sources[0], exact, graph)
      track = Self.follow(
        before, through: node, place: place, graph, exact, weights.ofNodes[place]
      ) { problem in
        // Of a convolution with another one behind it, what that one reads.
        let reader = Self.pointwise(after: place, in: nodes, of: graph)
        return reader.map { sampling($0).map($0.inputs) } ?? sampling(problem)
      }
    }
    // A step of moves only has its result among the exact ones.
    self.init(track ?? Self.start(.node(nodes[nodes.count - 1]), exact, graph))
  }

  private init(_ end: Track) {
    reference = ReferenceConvolution(
      values: end.values, magnitudes: end.magnitudes, sampledIndices: end.indices)
    let product = Double(end.roundings) * 0x1p-24
    bound = ErrorBound(
      relative: product / (1 - product), absolute: Double(end.roundings) * 0x1p-149)
  }

  /// The result of a constant, or of what moves elements that are known; nil of anything else.
  private static func known(
    _ node: OperationGraph.Node, _ place: Int, _ exact: [GraphTensor: TensorValues],
    _ weights: GraphWeights, _ graph: OperationGraph
  ) -> TensorValues? {
    if case .constant = node.operation { return weights.constants[place] }
    guard node.operation.isMove, node.sources.allSatisfy({ exact[$0] != nil }) else { return nil }
    return GraphMove.result(
      node, node.sources.compactMap { exact[$0] }, shapes: node.sources.map(graph.shape))
  }

  /// A tensor that is there already: no error, and no magnitude.
  private static func start(
    _ tensor: GraphTensor, _ exact: [GraphTensor: TensorValues], _ graph: OperationGraph
  ) -> Track {
    guard let values = exact[tensor] else {
      preconditionFailure("a step reads what it was given, and its nodes follow each other")
    }
    let doubles = values.map(Double.init)
    return Track(values: doubles, magnitudes: doubles.map { abs($0).orZero })
  }

  private static func follow(
    _ track: Track, through node: OperationGraph.Node, place: Int, _ graph: OperationGraph,
    _ exact: [GraphTensor: TensorValues], _ weights: Weights?,
    _ sampling: (ConvolutionProblem) -> [Int]?
  ) -> Track {
    let others = node.sources.compactMap { exact[$0] }
    if let weights {
      return convolution(node.operation, track, others, weights, sampling)
    }
    switch node.operation {
    case .pooling(let pooling): return pool(pooling, track)
    case .combination(let combination): return combine(combination, track, others, node, graph)
    case .add: return track.adding(node.sources[0] == node.sources[1] ? nil : others.last ?? [])
    case .scale: return track.scaled(by: others.last ?? [], area: node.shape.extent.area)
    case .resize(let resize): return track.resized(resize, of: graph.shape(node.sources[0]))
    case .relu, .sigmoid, .point, .softmax, .normalization:
      return track.applying(node.operation, shape: node.shape)
    case .convolution, .deformable: preconditionFailure("a convolution has weights")
    case .concatenation, .shuffle, .selection, .rearrangement, .constant:
      preconditionFailure("a step moves elements before it computes with them")
    }
  }

  /// A convolution of what was read, or of what is on its way.
  private static func convolution(
    _ operation: GraphOperation, _ track: Track, _ others: [TensorValues], _ weights: Weights,
    _ sampling: (ConvolutionProblem) -> [Int]?
  ) -> Track {
    switch operation {
    case .convolution(let problem, let hasBias):
      guard let input = others.first else {
        return pointwise(problem, track, weights, sampling(problem))
      }
      return convolution(problem, hasBias: hasBias, input, weights, sampling(problem))
    case .deformable(let operation): return deformable(operation, others, weights)
    default: preconditionFailure("only convolutions have weights")
    }
  }

  private static func combine(
    _ combination: Combination, _ track: Track, _ others: [TensorValues],
    _ node: OperationGraph.Node,
    _ graph: OperationGraph
  ) -> Track {
    precondition(track.indices == nil, "a combination is a step of its own")
    let shapes = node.sources.map(graph.shape)
    let right = others[others.count - 1]
    var next = track
    next.values = Combination.values(
      track.values, shapes[0], right, shapes[1], shape: node.shape
    ) { combination($0, Double($1)) }
    next.magnitudes = Combination.values(
      track.magnitudes, shapes[0], right, shapes[1], shape: node.shape
    ) { combination.magnitude($0, Double($1)).orZero }
    next.roundings += 1
    return next
  }

  private static func convolution(
    _ problem: ConvolutionProblem, hasBias: Bool, _ input: TensorValues, _ weights: Weights,
    _ indices: [Int]?
  ) -> Track {
    let operation = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: hasBias))
    let reference = ReferenceConvolution(operation, input: input, weights: weights, at: indices)
    return Track(
      values: reference.values, magnitudes: reference.magnitudes,
      roundings: problem.inChannelsPerGroup * problem.kernel.area + (hasBias ? 1 : 0),
      indices: indices)
  }

  /// The convolution that follows `place` in a step.
  private static func pointwise(
    after place: Int, in nodes: [Int], of graph: OperationGraph
  ) -> ConvolutionProblem? {
    for node in nodes.drop(while: { $0 != place }).dropFirst() {
      if case .convolution(let problem, _) = graph.nodes[node].operation { return problem }
    }
    return nil
  }

  /// A convolution of what is on its way; where only `outputs` are looked at, that is what
  /// `ConvolutionProblem.inputs` lists.
  private static func pointwise(
    _ problem: ConvolutionProblem, _ track: Track, _ weights: Weights, _ outputs: [Int]?
  ) -> Track {
    precondition(problem.kernel.area == 1 && problem.groups == 1)
    let (terms, area) = (problem.inChannels, problem.output.area)
    var next = Track(
      values: [], magnitudes: [],
      roundings: track.roundings + terms + (weights.bias.isEmpty ? 0 : 1), indices: outputs)
    for (order, output) in (outputs ?? Array(0..<problem.outputShape.count)).enumerated() {
      let channel = output / area % problem.outChannels
      let first = output / (area * problem.outChannels) * terms * area + output % area
      var value = weights.bias.isEmpty ? 0 : Double(weights.bias[channel])
      var magnitude = abs(value).orZero
      for term in 0..<terms {
        let weight = Double(weights.filter[channel * terms + term])
        let place = outputs == nil ? first + term * area : order * terms + term
        value += weight * track.values[place]
        magnitude += (abs(weight) * track.magnitudes[place]).orZero
      }
      next.values.append(value)
      next.magnitudes.append(magnitude)
    }
    return next
  }

  /// Ten roundings more than those of the sum: the weights of four pixels, their sum and the mask.
  private static func deformable(
    _ operation: DeformableOperation, _ inputs: [TensorValues], _ weights: Weights
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
            magnitude += abs(value).orZero
            largest = largest.maximumOrNaN(value)
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
}

extension ConvolutionProblem {
  /// What the outputs `indices` of a 1×1 convolution read: all channels of each one's pixel.
  fileprivate func inputs(_ indices: [Int]) -> [Int] {
    indices.flatMap { index in
      let first = index / (output.area * outChannels) * inChannels * output.area
      return (0..<inChannels).map { first + $0 * output.area + index % output.area }
    }
  }
}
