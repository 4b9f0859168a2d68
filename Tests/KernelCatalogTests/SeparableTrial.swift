// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog

/// A separable operation with its data.
struct SeparableTrial {
  let operation: SeparableOperation
  private let input: [Float]
  private let depthwise: Weights
  private let pointwise: Weights
  private let addend: [Float]

  /// Data drawn by `draw`, biases on both, a ReLU at the end and, where wanted, between the two.
  init(
    _ descriptor: String, channels: Int, isRectified: Bool, hasAddend: Bool = false,
    draw: () -> Float
  ) throws(ProblemError) {
    let first = try ProblemDescriptor.parse(descriptor).problem
    let second = try ConvolutionProblem(
      batch: first.batch, inChannels: first.outChannels, outChannels: channels,
      input: first.output, kernel: Extent(1, 1))
    let both = SeparableOperation(
      ConvolutionOperation(first, epilogue: Epilogue(hasBias: true, hasReLU: isRectified)),
      ConvolutionOperation(second, epilogue: Epilogue(hasBias: true, hasReLU: true)))
    guard let both else { preconditionFailure("these two follow each other") }
    operation = both
    func weights(_ operation: ConvolutionOperation) -> Weights {
      Weights(
        operation, filter: (0..<operation.problem.filterCount).map { _ in draw() },
        bias: (0..<operation.problem.outChannels).map { _ in draw() })
    }
    input = (0..<first.inputShape.count).map { _ in draw() }
    depthwise = weights(operation.depthwise)
    pointwise = weights(operation.pointwise)
    addend = hasAddend ? (0..<second.outputShape.count).map { _ in draw() } : []
  }

  /// One reference after the other.
  var expected: [Float] {
    let between = ReferenceConvolution(operation.depthwise, input: input, weights: depthwise)
    var last = operation.pointwise
    last.epilogue.hasReLU = false
    let sums = ReferenceConvolution(
      last, input: between.values.map { Float($0) }, weights: pointwise)
    return sums.values.enumerated().map { index, sum in
      Float((addend.isEmpty ? sum : sum + Double(addend[index])).rectified)
    }
  }

  /// What `variant` prepares for activations of its own.
  func prepare(_ variant: SeparableVariant, workers: Int) throws(MemoryError) -> PreparedOperation {
    try variant.prepare(
      operation, depthwise: depthwise, pointwise: pointwise,
      input: Activation(operation.depthwise.problem.inputShape, layout: variant.layout),
      output: Activation(operation.pointwise.problem.outputShape, layout: variant.layout),
      workers: workers)
  }

  /// What `variant` computes between guards of NaN, the last task first, workers in turn; with
  /// `extraChannels` in the midst of activations that have so many more on each side.
  func compute(
    _ variant: SeparableVariant, workers: Int, extraChannels: Int = 0
  ) throws(MemoryError) -> Trial.Result {
    let shape = operation.pointwise.problem.outputShape
    let source = try Activation(
      operation.depthwise.problem.inputShape, layout: variant.layout, isGuarded: true)
    let whole = try Activation(
      ActivationShape(
        batch: shape.batch, channels: shape.channels + 2 * extraChannels, extent: shape.extent),
      layout: variant.layout, isGuarded: true)
    let target = Activation(
      partOf: whole, firstChannel: extraChannels, channels: shape.channels)
    source.load(input)
    var start: Activation?
    if !addend.isEmpty {
      let activation = try Activation(shape, layout: variant.layout, isGuarded: true)
      activation.load(addend)
      start = activation
    }
    let prepared = try variant.prepare(
      operation, depthwise: depthwise, pointwise: pointwise, input: source, output: target,
      addend: start, workers: workers)
    whole.fill(-3)
    target.fillElements(.nan)
    for phase in prepared.phases {
      for task in (0..<phase.tasks).reversed() {
        phase.run(phase.context, task, task + 1, task % workers)
      }
    }
    let others = whole.buffer.count - shape.count
    return Trial.Result(
      exact: target.exactValues(),
      isContained: source.buffer.guardsAreIntact && whole.buffer.guardsAreIntact
        && source.values() == input
        && (extraChannels == 0 || whole.buffer.floats.count { $0 == -3 } == others))
  }
}
