// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// 1×1 convolution on plain NCHW tensors: lanes along pixels, nothing packed, nothing reordered.
///
/// The direct kernels with the roles of pixels and output channels exchanged: each output channel is
/// a matrix product's row, whose scalars are the filter as it is, and the pixels of a plane are its
/// columns, which lie side by side already.
struct PointwiseVariant: ConvolutionVariant {
  let identity: VariantIdentity
  let entry: KernelEntry
  let caches: CacheSizes

  /// The variant of `entry`, a kernel of the family `direct`.
  init(_ entry: KernelEntry, caches: CacheSizes = .current) {
    self.entry = entry
    self.caches = caches
    identity = VariantIdentity(
      family: "pointwise", layout: Layout.nchw.name, detail: entry.registerBlock.name,
      instructionSet: entry.instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    guard problem.kernel.area == 1 else { return .unsupported(reason: "only for 1×1 kernels") }
    guard problem.stride == Extent(1, 1), problem.padding == Padding(0, 0) else {
      return .unsupported(reason: "only without stride and padding: pixels must be contiguous")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nchw, .nchw)
  }

  /// What is decided before weights are known.
  func plan(_ operation: ConvolutionOperation, workers: Int) -> PointwisePlan {
    PointwisePlan(operation.problem, entry: entry, workers: workers, caches: caches)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    let plan = plan(operation, workers: workers)
    let filter = try AlignedBuffer(weights.filter)
    let bias = try AlignedBuffer(weights.bias, count: operation.problem.outChannels)
    let tables = DirectTables(
      plan.steps(operation.epilogue), plan.walk,
      DirectTables.Tensors(
        input: .init(filter), filter: .init(input), bias: .init(bias), output: output))
    return PreparedOperation(
      phases: [tables.phase(entry.run)], filterMemory: [UnsafeRawBufferPointer(filter.floats)],
      owner: tables)
  }
}
