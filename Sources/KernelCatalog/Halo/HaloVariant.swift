// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution of small maps with channels in the lanes: planes are copied between columns of
/// zeros, and where rows have few outputs two planes are computed at a time.
///
/// At the border of the image weights meet these zeros. A filter with a weight that is infinite or NaN
/// would make them NaN; it is left to the direct kernels, which skip what lies outside.
struct HaloVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let instructionSet: InstructionSet
  private let layout: Layout
  private let planes: ClosedRange<Int>

  /// The variant for activations in `layout`, whose plan takes one of `planes` planes at a time.
  init(_ instructionSet: InstructionSet, layout: Layout, planes: ClosedRange<Int> = 1...2) {
    self.instructionSet = instructionSet
    self.planes = planes
    self.layout = layout
    identity = VariantIdentity(
      family: "depthwise-copied", layout: layout.name, instructionSet: instructionSet)
  }

  /// The variants for `instructionSet`: one per layout with channels innermost; none where the kernel is
  /// not compiled.
  static func variants(
    _ instructionSet: InstructionSet, planes: ClosedRange<Int> = 1...2
  ) -> [HaloVariant] {
    guard instructionSet.kernels.halo != nil else { return [] }
    return [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map {
      HaloVariant(instructionSet, layout: $0, planes: planes)
    }
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    guard problem.isDepthwise, problem.outChannels == problem.inChannels else {
      return .unsupported(reason: "not depthwise: one input and one output channel per group")
    }
    guard problem.stride.width <= 2 else {
      return .unsupported(reason: "a horizontal stride above 2")
    }
    guard layout != .nhwc || problem.outChannels >= instructionSet.lanes else {
      return .unsupported(
        reason: "fewer output channels than the \(instructionSet.lanes) lanes of a vector")
    }
    guard plan(problem, workers: workers) != nil else {
      return .unsupported(reason: "rows of less than 3 outputs, or outputs that meet no input")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    guard weights.filter.allSatisfy({ $0.isFinite }) else {
      return try DirectVariant.prepareSkippingBorders(
        instructionSet, operation, weights: weights, input: input, output: output,
        workers: workers)
    }
    guard let plan = plan(operation.problem, workers: workers) else {
      preconditionFailure("prepared without support")
    }
    return try plan.prepare(
      operation, weights: weights, input: input, output: output, workers: workers)
  }

  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    plan(operation.problem, workers: workers)?.cycles(workers: workers) ?? .infinity
  }

  /// The plan with the least cycles by estimate.
  private func plan(_ problem: ConvolutionProblem, workers: Int) -> HaloPlan? {
    let geometry = LineGeometry(
      problem, source: .ownChannel, layout: layout, lanes: instructionSet.lanes)
    return planes.compactMap { HaloPlan(problem, geometry, planes: $0, instructionSet) }
      .min { $0.cycles(workers: workers) < $1.cycles(workers: workers) }
  }
}
