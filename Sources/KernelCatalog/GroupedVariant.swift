// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Grouped convolution in which no lane is idle: several narrow groups share a vector, or all lanes
/// belong to one group and see the same input channel.
///
/// Inputs are reused along the row like in depthwise convolution: one load, with the permutation
/// that brings a group's channel to its lanes, serves up to three outputs.
struct GroupedVariant: JoiningVariant {
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
      family: "grouped", layout: layout.name, instructionSet: instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    guard problem.groups > 1 else { return .unsupported(reason: "one group") }
    guard problem.outChannels > problem.groups || problem.inChannels > problem.groups else {
      return .unsupported(reason: "depthwise: one channel per group")
    }
    guard layout != .nhwc || problem.outChannels >= lanes else {
      return .unsupported(reason: "fewer output channels than the \(lanes) lanes of a vector")
    }
    guard plan(problem) != nil else {
      return .unsupported(
        reason: "groups of \(problem.inChannelsPerGroup) input and \(problem.outChannelsPerGroup)"
          + " output channels do not fill vectors of \(lanes) lanes")
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
    guard let plan = plan(operation.problem) else {
      preconditionFailure("prepared without support")
    }
    return try plan.prepare(
      operation, weights: weights, input: input, output: output, workers: workers,
      sumsChannels: joins.sumsChannels)
  }

  private func plan(_ problem: ConvolutionProblem) -> LinePlan? {
    guard let source = LineSource(problem, layout: layout, lanes: lanes) else { return nil }
    let geometry = LineGeometry(problem, source: source, layout: layout, lanes: lanes)
    return LinePlan(problem, geometry, layout: layout, entries: entries)
  }
}

extension GroupedVariant: PredictedVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    plan(operation.problem)?.cycles(workers: workers) ?? .infinity
  }
}

extension GroupedVariant {
  /// The variants for `instructionSet`: one per layout.
  static func variants(_ instructionSet: InstructionSet) -> [GroupedVariant] {
    [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map { layout in
      GroupedVariant(instructionSet, layout: layout)
    }
  }
}
