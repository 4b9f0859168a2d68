// SPDX-License-Identifier: Apache-2.0

import Convolution

/// One operation with its data, to be computed by any variant.
struct Trial {
  var operation: ConvolutionOperation
  var input: [Float]
  var weights: Weights

  /// Data drawn by `draw`, operands rounded to their type.
  ///
  /// Integers are 32 times what is drawn, around the middle of their range.
  init(_ operation: ConvolutionOperation, draw: () -> Float) {
    self.operation = operation
    let problem = operation.problem
    let type = problem.dataType
    let (middle, step): (Float, Float) = type.arithmetic == .u8s8 ? (128, 32) : (0, 1)
    input = (0..<problem.inputShape.count).map { _ in
      type.input.nearest(middle + step * draw())
    }
    let filter = (0..<problem.filterCount).map { _ in type.filter.nearest(step * draw()) }
    let count = operation.epilogue.hasBias ? problem.outChannels : 0
    let bias = (0..<count).map { _ in
      type.arithmetic == .u8s8 ? (1000 * draw()).rounded() : draw()
    }
    weights = Weights(
      operation, filter: filter, bias: bias,
      quantization: type.arithmetic == .u8s8 ? Self.quantization(problem) : nil)
  }

  /// Scales with which outputs of small integers fill a part of their range, or all, or more.
  static func quantization(_ problem: ConvolutionProblem) -> Quantization {
    let terms = Float(problem.inChannelsPerGroup * problem.kernel.area)
    let shares: [Float] = [60, 15, 200]
    return Quantization(
      inputZero: 119, outputZero: 121,
      scales: (0..<problem.outChannels).map { shares[$0 % 3] / (7000 * terms.squareRoot()) })
  }

  /// The same data with another filter.
  init(_ trial: Trial, filter: [Float]) {
    operation = trial.operation
    input = trial.input
    weights = Weights(
      trial.operation, filter: filter, bias: trial.weights.bias,
      quantization: trial.weights.quantization)
  }

  /// The textbook result.
  var reference: ReferenceConvolution {
    ReferenceConvolution(operation, input: input, weights: weights)
  }

  /// What an exact variant gives where sums are exact: the textbook result, rounded to the output's type.
  var expected: [Double] {
    let type = operation.problem.dataType.output
    return type == .s32
      ? reference.values : reference.values.map { Double(type.nearest(Float($0))) }
  }

  /// What a variant did.
  struct Result {
    /// The output, plain `[N][Co][Ho][Wo]`.
    var output: [Float] { exact.map { Float($0) } }
    /// The same, with all bits of integers.
    var exact: [Double]
    /// Whether nothing was written beside it, and layout padding is still zero.
    var isContained: Bool
  }

  /// What `variant` computes into memory that held NaN before, between guards of NaN.
  ///
  /// Tasks are dealt in pieces of odd size, the last ones first: they must not depend on each other.
  func run(_ variant: some ConvolutionVariant, workers: Int = 1) throws -> Result {
    let (source, target) = try tensors(variant.layouts(operation))
    let prepared = try variant.prepare(
      operation, weights: weights, input: source, output: target, workers: workers)
    return run(prepared, source, target, workers: workers)
  }

  /// The input and room for the output, both between guards of NaN.
  func tensors(
    _ layouts: (input: Layout, output: Layout)
  ) throws(MemoryError) -> (source: Activation, target: Activation) {
    let problem = operation.problem
    let source = try Activation(
      problem.inputShape, layout: layouts.input, type: problem.dataType.input, isGuarded: true)
    let target = try Activation(
      problem.outputShape, layout: layouts.output, type: problem.dataType.output, isGuarded: true)
    source.load(input)
    return (source, target)
  }

  /// What was prepared computes from `source` to `target`.
  func run(
    _ prepared: PreparedOperation, _ source: Activation, _ target: Activation, workers: Int
  ) -> Result {
    target.fill(.nan)
    if let phase = prepared.beforeRound { phase.run(phase.context, 0, phase.tasks, 0) }
    for phase in prepared.phases {
      for (index, piece) in Self.pieces(of: phase.tasks).enumerated().reversed() {
        phase.run(phase.context, piece.lowerBound, piece.upperBound, index % workers)
      }
    }
    if let phase = prepared.afterRound { phase.run(phase.context, 0, phase.tasks, 0) }
    return Result(
      exact: target.exactValues(),
      isContained: source.buffer.guardsAreIntact && target.buffer.guardsAreIntact
        && source.values() == input && paddingIsZero(target, target.values()))
  }

  /// How many tasks of the last phase write each output.
  func writers(_ variant: some ConvolutionVariant, workers: Int) throws -> [Int] {
    let (source, target) = try tensors(variant.layouts(operation))
    let prepared = try variant.prepare(
      operation, weights: weights, input: source, output: target, workers: workers)
    var writers = [Int](repeating: 0, count: operation.problem.outputShape.count)
    for phase in prepared.phases {
      for task in 0..<phase.tasks {
        // No byte is no number: positive sums are above the zero point.
        target.fill(weights.quantization == nil ? .nan : 0)
        let blank = target.values().map { $0.bitPattern }
        phase.run(phase.context, task, task + 1, 0)
        for (index, value) in target.values().enumerated() where value.bitPattern != blank[index] {
          writers[index] += 1
        }
      }
    }
    return writers
  }

  /// Cuts tasks into pieces of 1, 3, 5, 1, … tasks.
  private static func pieces(of tasks: Int) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var first = 0
    while first < tasks {
      let end = min(tasks, first + [1, 3, 5][pieces.count % 3])
      pieces.append(first..<end)
      first = end
    }
    return pieces
  }

  /// Whether the channels that only the layout has are zero, as the next layer expects, or what stands
  /// for it.
  private func paddingIsZero(_ activation: Activation, _ values: [Float]) -> Bool {
    let isByte = activation.type == .u8
    let zero = isByte ? Float(weights.quantization?.outputZero ?? 0) : 0
    let zeros = (0..<activation.elementCount).count { activation[$0] == zero }
    let padding = activation.elementCount - activation.shape.count
    return zeros == padding + values.count { $0 == zero }
  }
}
