// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise or grouped convolution with channels in the lanes of a vector, of which none is idle: several
/// narrow groups share a vector, or all lanes belong to one group and see the same input channel.
///
/// Inputs are reused along the row: one load, with the permutation that brings a group's channel to its
/// lanes, serves all taps and outputs that need it. One variant per instruction set and layout; among its
/// microkernels it takes the one that needs the fewest cycles by estimate, and reports which.
struct LineVariant: ConvolutionVariant {
  /// What is computed: one channel per group, or more.
  enum Family: String { case depthwise, grouped }

  let identity: VariantIdentity
  private let family: Family
  private let entries: [LineEntry]
  private let layout: Layout
  private let lanes: Int

  /// The variant for activations in `layout`; by default with all kernels that there are.
  init(
    _ family: Family, _ instructionSet: InstructionSet, layout: Layout, entries: [LineEntry]? = nil
  ) {
    self.family = family
    self.entries = entries ?? LineEntry.entries(instructionSet)
    self.layout = layout
    lanes = instructionSet.lanes
    identity = VariantIdentity(
      family: family.rawValue, layout: layout.name, instructionSet: instructionSet)
  }

  /// The variants for `instructionSet`: one per layout with channels innermost.
  static func variants(_ family: Family, _ instructionSet: InstructionSet) -> [LineVariant] {
    [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map { layout in
      LineVariant(family, instructionSet, layout: layout)
    }
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    if let reason = refusal(problem) { return .unsupported(reason: reason) }
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

  private func refusal(_ problem: ConvolutionProblem) -> String? {
    switch family {
    case .depthwise where !problem.isDepthwise:
      "not depthwise: more than one input channel per group"
    case .depthwise where problem.outChannels > problem.inChannels:
      "a channel multiplier: more than one output channel per group"
    case .grouped where problem.groups == 1: "one group"
    case .grouped where max(problem.inChannels, problem.outChannels) == problem.groups:
      "depthwise: one channel per group"
    default: nil
    }
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

  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    plan(operation.problem)?.cycles(workers: workers) ?? .infinity
  }

  private func plan(_ problem: ConvolutionProblem) -> LinePlan? {
    guard let source = LineSource(problem, layout: layout, lanes: lanes) else { return nil }
    var geometry = LineGeometry(problem, source: source, layout: layout, lanes: lanes)
    geometry.orderByRows(stride: problem.stride.height, dilation: problem.dilation.height)
    return LinePlan(problem, geometry, layout: layout, entries: entries)
  }
}
