// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Statistics
internal import Suites

/// The tensors of a case: the same for every contender, reproducible from the seed.
struct CaseData: Sendable {
  /// The operation of each step.
  let operations: [ConvolutionOperation]
  /// The input of the first step, plain NCHW.
  let input: [Float]
  /// The weights of each step.
  let weights: [Weights]

  /// The weights of a block; none for convolutions in a row.
  private(set) var graphWeights = GraphWeights([])
  /// What another runtime has computed for nodes of a model, by name, plain `[N][C][H][W]`.
  private(set) var expected: [String: [Float]] = [:]

  /// The tensors of a case that came from elsewhere.
  init(operations: [ConvolutionOperation], input: [Float], weights: [Weights]) {
    self.operations = operations
    self.input = input
    self.weights = weights
  }

  /// Uniform values in [−1, 1) for the input; filters scaled by 1/√terms, so that a chain's
  /// activations keep their size.
  /// - Throws: `SubjectFailure` where a file of a model cannot be read.
  init(_ suiteCase: SuiteCase, seed: UInt64) throws {
    if let graph = suiteCase.graph, let model = suiteCase.model {
      let tensors = try ModelTensors(graph, model)
      (operations, weights) = ([], [])
      (input, graphWeights) = (tensors.input, tensors.weights)
      expected = try ModelTensors.expected(graph, model)
      return
    }
    var generator = SplitMix64(seed: seed)
    if let graph = suiteCase.graph {
      operations = []
      weights = []
      input = Self.uniform(graph.input.count, scale: 1, using: &generator)
      graphWeights = Self.weights(graph, using: &generator)
      return
    }
    operations = suiteCase.steps.map {
      ConvolutionOperation($0.problem, epilogue: suiteCase.epilogue)
    }
    input = Self.uniform(operations[0].problem.inputShape.count, scale: 1, using: &generator)
    weights = operations.map { Self.weights($0, using: &generator) }
  }

  private static func weights(
    _ operation: ConvolutionOperation, using generator: inout SplitMix64
  ) -> Weights {
    let problem = operation.problem
    let terms = Float(problem.inChannelsPerGroup * problem.kernel.area)
    let filter = uniform(problem.filterCount, scale: (3 / terms).squareRoot(), using: &generator)
    let bias = operation.epilogue.hasBias ? problem.outChannels : 0
    return Weights(operation, filter: filter, bias: uniform(bias, scale: 1, using: &generator))
  }

  private static func weights(
    _ graph: OperationGraph, using generator: inout SplitMix64
  ) -> GraphWeights {
    var weights = GraphWeights(
      graph.nodes.map { node in
        guard let convolution = node.convolution else { return nil }
        var drawn = Self.weights(convolution, using: &generator)
        let gain = Float(node.gain)
        if gain != 1 {
          drawn.filter = drawn.filter.map { gain * $0 }
          drawn.bias = drawn.bias.map { gain * $0 }
        }
        return drawn
      })
    for (place, node) in graph.nodes.enumerated() {
      guard case .constant(let shape) = node.operation else { continue }
      weights.constants[place] = uniform(shape.count, scale: 1, using: &generator)
    }
    return weights
  }

  private static func uniform(
    _ count: Int, scale: Float, using generator: inout SplitMix64
  ) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        let unit = Float(generator.next() >> 40) * 0x1p-23 - 1
        buffer.initializeElement(at: index, to: unit * scale)
      }
      initialized = count
    }
  }
}
