// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution with channels in the lanes of a vector.
///
/// One variant per instruction set and layout; among its microkernels it takes the one that needs
/// the fewest cycles by estimate, and reports which.
struct DepthwiseVariant: JoiningVariant {
  let identity: VariantIdentity
  private let entries: [LineEntry]
  private let layout: Layout
  private let lanes: Int

  /// The variant for activations in `layout`; by default with all kernels that there are.
  init(_ instructionSet: InstructionSet, layout: Layout, entries: [LineEntry]? = nil) {
    self.entries = entries ?? LineEntry.entries(instructionSet)
    self.layout = layout
    lanes = instructionSet.lanes
    identity = VariantIdentity(
      family: "depthwise", layout: layout.name, instructionSet: instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    guard problem.isDepthwise else {
      return .unsupported(reason: "not depthwise: more than one input channel per group")
    }
    guard problem.outChannels == problem.inChannels else {
      return .unsupported(reason: "a channel multiplier: more than one output channel per group")
    }
    guard layout != .nhwc || problem.inChannels >= lanes else {
      return .unsupported(reason: "fewer channels than the \(lanes) lanes of a vector")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func can(_ join: Join, _ operation: ConvolutionOperation) -> Bool { join == .channelSums }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    try plan(operation.problem).prepare(
      operation, weights: weights, input: input, output: output, workers: workers,
      sumsChannels: joins.sumsChannels)
  }

  private func plan(_ problem: ConvolutionProblem) -> LinePlan {
    let geometry = LineGeometry(problem, source: .ownChannel, layout: layout, lanes: lanes)
    guard let plan = LinePlan(problem, geometry, layout: layout, entries: entries) else {
      preconditionFailure("a kernel of one output and one tap fits every problem")
    }
    return plan
  }
}

extension DepthwiseVariant: PredictedVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    plan(operation.problem).cycles(workers: workers)
  }
}

extension DepthwiseVariant {
  /// The variants for `instructionSet`: one per layout with channels innermost.
  static func variants(_ instructionSet: InstructionSet) -> [DepthwiseVariant] {
    [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map { layout in
      DepthwiseVariant(instructionSet, layout: layout)
    }
  }
}
