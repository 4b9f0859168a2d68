// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution with large kernels by F(4, 4): chunks of 4×4 taps are transformed, and their
/// products summed before they are transformed back.
///
/// A chunk and a tile of 4×4 outputs take 49 products instead of 256. Between the transforms stands a
/// depthwise convolution, whose pixels are tiles, whose taps are chunks and whose channels are those of each
/// point; lines compute it, and leave out what lies outside the image.
/// - Source: Lavin and Gray, CVPR 2016, section 4, for the transforms.
struct WinogradDepthwiseVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let instructionSet: InstructionSet
  private let layout: Layout

  static let form = WinogradForm(outputs: 4, taps: 4)
  private static let matrices = WinogradMatrices(form)

  /// The variant for `instructionSet`, on channel-blocked tensors.
  init(_ instructionSet: InstructionSet) {
    self.instructionSet = instructionSet
    layout = .channelBlocked(lanes: instructionSet.lanes)
    identity = VariantIdentity(
      family: "winograd", layout: layout.name, detail: "\(Self.form.name)-depthwise",
      instructionSet: instructionSet, accuracy: .fast)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    guard problem.isDepthwise, problem.outChannels == problem.inChannels else {
      return .unsupported(reason: "not depthwise: one input and one output channel per group")
    }
    guard problem.stride == Extent(1, 1), problem.dilation == Extent(1, 1) else {
      return .unsupported(reason: "Winograd of chunks of taps needs stride and dilation 1")
    }
    guard tiles(problem).products != nil else {
      return .unsupported(reason: "its transformed tensors would be too large")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
    .winograd(operation, Self.matrices, terms: tiles(operation.problem).chunks)
  }

  private func tiles(_ problem: ConvolutionProblem) -> WinogradDepthwiseTiles {
    WinogradDepthwiseTiles(problem, Self.form, lanes: instructionSet.lanes)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    let tiles = tiles(operation.problem)
    guard let products = tiles.products else {
      preconditionFailure("an unsupported operation is prepared")
    }
    let transformed = try Activation(products.problem.inputShape, layout: layout)
    let sums = try Activation(products.problem.outputShape, layout: layout)
    let lines = try LineVariant(.depthwise, instructionSet, layout: layout).prepare(
      products, weights: Weights(products, filter: tiles.filter(weights, Self.matrices)),
      input: transformed, output: sums, workers: workers)
    let tables = try WinogradDepthwiseTables(
      operation, tiles, weights, Self.matrices, input: input, output: output,
      transformed: transformed, sums: sums, workers: workers, lines: lines)
    let kernels = instructionSet.kernels
    return PreparedOperation(
      phases: [tables.phase("transform", 0, kernels.depthwiseTransform)] + lines.phases
        + [tables.phase("results", 1, kernels.depthwiseResults)],
      scratchBytes: transformed.buffer.bytes + sums.buffer.bytes,
      implementation: lines.implementation, filterMemory: lines.filterMemory, owner: tables)
  }
}

extension WinogradDepthwiseVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let tiles = tiles(operation.problem)
    guard let products = tiles.products else { return .infinity }
    let lines = LineVariant(.depthwise, instructionSet, layout: layout)
    let points = Double(Self.form.points * Self.form.points)
    let transforms =
      WinogradVariant.cyclesPerPoint * points * Double(tiles.transforms) / Double(workers)
    return lines.predictedCycles(products, workers: workers) + transforms
  }

  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double {
    Self.matrices.expectedRelativeError(channels: tiles(operation.problem).chunks)
  }
}
