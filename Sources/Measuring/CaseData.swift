// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Statistics
internal import Suites

/// The tensors of a case: the same for every contender, reproducible from the seed.
struct CaseData: Sendable {
  /// The operation of each step.
  let operations: [ConvolutionOperation]
  /// The input of the first step, plain NCHW.
  let input: TensorValues
  /// The weights of each step.
  let weights: [Weights]

  /// The weights of a block; none for convolutions in a row.
  private(set) var graphWeights = GraphWeights([])
  /// What another runtime has computed for nodes of a model, by name, plain `[N][C][H][W]`.
  private(set) var expected: [String: TensorValues] = [:]

  /// The tensors of a case that came from elsewhere.
  init(operations: [ConvolutionOperation], input: TensorValues, weights: [Weights]) {
    self.operations = operations
    self.input = input
    self.weights = weights
  }

  /// The tensors of a case in a run from `runSeed`: from the case's name, not from its place, so that
  /// `--only` changes no tensor.
  /// - Throws: `SubjectFailure` where a file of a model cannot be read.
  init(_ suiteCase: SuiteCase, runSeed: UInt64) throws {
    try self.init(suiteCase, seed: runSeed ^ Self.stableHash(suiteCase.name))
  }

  /// FNV-1a, because `Hasher` is seeded anew in every process.
  private static func stableHash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }  // widens
  }

  /// Uniform values in [−1, 1) for the input; filters scaled by 1/√terms, so that a chain's
  /// activations keep their size.
  ///
  /// Operands are rounded to their type, so that whoever computes them, and
  /// the reference, has the same.
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
    input = Self.input(operations[0].problem, using: &generator)
    weights = operations.map { Self.weights($0, using: &generator) }
  }

  /// Bytes of any value where integers are computed, else uniform values.
  private static func input(
    _ problem: ConvolutionProblem, using generator: inout SplitMix64
  ) -> TensorValues {
    let values = uniform(problem.inputShape.count, scale: 1, using: &generator)
    switch problem.dataType.input {
    case .bf16: return values.map(problem.dataType.input.nearest)
    case .f32, .s8, .s32: return values
    case .u8: return values.map { problem.dataType.input.nearest(127.5 * ($0 + 1)) }
    }
  }

  private static func weights(
    _ operation: ConvolutionOperation, using generator: inout SplitMix64
  ) -> Weights {
    let problem = operation.problem
    let terms = TensorValue(problem.inChannelsPerGroup * problem.kernel.area)
    let isInteger = problem.dataType.arithmetic == .u8s8
    var filter = uniform(
      problem.filterCount, scale: isInteger ? 127 : (3 / terms).squareRoot(), using: &generator)
    if problem.dataType != .f32 { filter = filter.map(problem.dataType.filter.nearest) }
    let count = operation.epilogue.hasBias ? problem.outChannels : 0
    var bias = uniform(count, scale: isInteger ? 10_000 : 1, using: &generator)
    if isInteger { bias = bias.map { $0.rounded() } }
    return Weights(
      operation, filter: filter, bias: bias,
      quantization: isInteger ? quantization(problem, terms: terms) : nil)
  }

  /// Zero points near the middle, and scales with which outputs spread over their range.
  ///
  /// Sums of products of uniform bytes spread by the root of their number times a twelfth of both ranges.
  private static func quantization(_ problem: ConvolutionProblem, terms: TensorValue)
    -> Quantization
  {
    let spread: TensorValue = 256 * 254 / 12 * terms.squareRoot()
    return Quantization(
      inputZero: 125, outputZero: 130,
      scales: (0..<problem.outChannels).map { (40 + TensorValue($0 % 16)) / spread })
  }

  private static func weights(
    _ graph: OperationGraph, using generator: inout SplitMix64
  ) -> GraphWeights {
    var weights = GraphWeights(
      graph.nodes.map { node in
        guard let convolution = node.convolution else { return nil }
        var drawn = Self.weights(convolution, using: &generator)
        let gain = TensorValue(node.gain)
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
    _ count: Int, scale: TensorValue, using generator: inout SplitMix64
  ) -> TensorValues {
    TensorValues(unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        let unit = TensorValue(generator.next() >> 40) * 0x1p-23 - 1
        buffer.initializeElement(at: index, to: unit * scale)
      }
      initialized = count
    }
  }
}
