// SPDX-License-Identifier: Apache-2.0

/// The constants of a graph: those of each convolution, nil for other nodes.
public struct GraphWeights: Sendable {
  /// Constants by the place of the node.
  public var ofNodes: [Weights?]
  /// The values of the nodes that are constants, plain `[N][C][H][W]`, by the place of the node.
  public var constants: [Int: [Float]]

  /// Constants for a graph.
  public init(_ ofNodes: [Weights?], constants: [Int: [Float]] = [:]) {
    self.ofNodes = ofNodes
    self.constants = constants
  }
}

/// A batch normalisation with the statistics that training has left.
public struct BatchNormalisation: Sendable {
  /// Factor per channel.
  public var gamma: [Float]
  /// Addend per channel.
  public var beta: [Float]
  /// Mean per channel.
  public var mean: [Float]
  /// Variance per channel.
  public var variance: [Float]
  /// What is added to the variance.
  public var epsilon: Float

  /// A normalisation `gamma · (x − mean) / √(variance + epsilon) + beta`.
  public init(
    gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float = 1e-5
  ) {
    self.gamma = gamma
    self.beta = beta
    self.mean = mean
    self.variance = variance
    self.epsilon = epsilon
  }

  /// The constants of a convolution with the normalisation of its result folded in.
  ///
  /// Every weight and the bias are rounded once.
  /// - Requires: a filter and bias of `problem`, and as many channels here as it has outputs.
  public func folded(into weights: Weights, of problem: ConvolutionProblem) -> Weights {
    let perOutput = problem.filterCount / problem.outChannels
    var filter = weights.filter
    var bias = [Float](repeating: 0, count: problem.outChannels)
    for channel in 0..<problem.outChannels {
      let factor =
        Double(gamma[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
      for place in channel * perOutput..<(channel + 1) * perOutput {
        filter[place] = Float(factor * Double(filter[place]))
      }
      let offset = weights.bias.isEmpty ? 0 : Double(weights.bias[channel])
      bias[channel] = Float(
        factor * (offset - Double(mean[channel])) + Double(beta[channel]))
    }
    return Weights(
      ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true)), filter: filter, bias: bias)
  }
}
