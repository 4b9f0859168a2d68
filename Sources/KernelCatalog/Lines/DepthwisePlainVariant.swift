// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution of plain `[N][C][H][W]` tensors, with neighbouring pixels in the lanes.
///
/// Each worker copies a channel between zeros before it computes it: one load and one store per
/// input, against one FMA per tap.
///
/// At the border of the image weights meet these zeros. A filter with a weight that is infinite or NaN
/// would make them NaN; it is left to the direct kernels, which skip what lies outside.
struct DepthwisePlainVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let entries: [LineEntry]
  private let instructionSet: InstructionSet
  private let lanes: Int

  /// The variant for `instructionSet`; by default with all kernels that there are.
  init(_ instructionSet: InstructionSet, entries: [LineEntry]? = nil) {
    self.entries = entries ?? LineEntry.entries(instructionSet)
    self.instructionSet = instructionSet
    lanes = instructionSet.lanes
    identity = VariantIdentity(
      family: "depthwise", layout: Layout.nchw.name, instructionSet: instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    guard operation.problem.isDepthwise else {
      return .unsupported(reason: "not depthwise: more than one input channel per group")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nchw, .nchw)
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
    let problem = operation.problem
    let copy = PaddedPlane(problem, lanes: lanes)
    let plan = plan(problem, copy)
    let tables = try LineTables(
      operation, weights, plan.geometry, plan.tiling, input: input, output: output.pointer)
    let tasks = tables.divide(
      linesPerTask: plan.geometry.lines.count, planesInnermost: false, images: problem.batch)
    let padded = try PaddedLineTables(tables, copy, problem, lanes: lanes, workers: workers)
    let phase = Phase(
      name: "kernel", tasks: tasks, context: UnsafeRawPointer(padded.arguments),
      run: plan.tiling.entry.run)
    return PreparedOperation(
      phases: [phase], scratchBytes: padded.scratchBytes, implementation: plan.implementation,
      filterMemory: [tables.filterMemory], owner: padded)
  }

  private func plan(_ problem: ConvolutionProblem, _ copy: PaddedPlane) -> LinePlan {
    let geometry = LineGeometry(problem, copy, lanes: lanes)
    guard let plan = LinePlan(problem, geometry, layout: .nchw, entries: entries) else {
      preconditionFailure("a kernel of one output and one tap fits every problem")
    }
    return plan
  }
}

extension DepthwisePlainVariant {
  /// How much longer it takes with AVX-512 than tiles and copies: 0.95 to 1.78 times as long in seven drawn
  /// problems on Zen 5, since most vectors of pixels lie across two cache lines.
  private static let splitLoads = 1.45

  /// The tiles' cycles and one per vector copied.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let problem = operation.problem
    let copied = Double(problem.inputShape.count) / Double(lanes)
    let cycles =
      plan(problem, PaddedPlane(problem, lanes: lanes)).cycles(workers: workers)
      + copied / Double(workers)
    return instructionSet == .avx512 ? Self.splitLoads * cycles : cycles
  }
}
