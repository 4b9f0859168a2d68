// SPDX-License-Identifier: Apache-2.0

import Convolution
import KernelCatalog

/// A deformable operation with its data.
struct DeformableTrial {
  let operation: DeformableOperation
  private let input: [Float]
  private let offsets: [Float]
  private let mask: [Float]
  private let weights: Weights

  var problem: ConvolutionProblem { operation.convolution.problem }

  /// Data drawn by the three functions, and a bias.
  init(
    _ descriptor: String, _ offsetGroups: Int, _ isModulated: Bool, values: () -> Float,
    offset: () -> Float, factor: () -> Float
  ) throws(ProblemError) {
    let problem = try ProblemDescriptor.parse(descriptor).problem
    let convolution = ConvolutionOperation(problem, epilogue: Epilogue(hasBias: true))
    operation = try DeformableOperation(
      convolution, offsetGroups: offsetGroups, isModulated: isModulated)
    func draw(_ count: Int, _ number: () -> Float) -> [Float] { (0..<count).map { _ in number() } }
    input = draw(problem.inputShape.count, values)
    offsets = draw(operation.offsetShape.count, offset)
    mask = draw(isModulated ? operation.maskShape.count : 0, factor)
    weights = Weights(
      convolution, filter: draw(problem.filterCount, values),
      bias: draw(problem.outChannels, values))
  }

  var reference: ReferenceConvolution {
    ReferenceConvolution(operation, input: input, offsets: offsets, mask: mask, weights: weights)
  }

  /// What `variant` computes by `plan` between guards of NaN, tasks of a phase in two parts, the last
  /// first.
  func compute(
    _ variant: DeformableVariant, _ plan: DeformablePlan, workers: Int
  ) throws(MemoryError) -> Trial.Result {
    let source = try Activation(problem.inputShape, layout: variant.layout, isGuarded: true)
    let target = try Activation(problem.outputShape, layout: variant.layout, isGuarded: true)
    let fields = try Activation(operation.offsetShape, layout: .nchw, isGuarded: true)
    source.load(input)
    fields.load(offsets)
    target.fill(.nan)
    var factors: Activation?
    if operation.isModulated {
      let activation = try Activation(operation.maskShape, layout: .nhwc, isGuarded: true)
      activation.load(mask)
      factors = activation
    }
    let prepared = try variant.prepare(
      plan, weights: weights, input: source, offsets: fields, mask: factors, output: target)
    for phase in prepared.phases {
      let half = phase.tasks / 2
      phase.run(phase.context, half, phase.tasks, workers - 1)
      phase.run(phase.context, 0, half, 0)
    }
    return Trial.Result(
      exact: target.exactValues(),
      isContained: source.buffer.guardsAreIntact && target.buffer.guardsAreIntact)
  }
}
