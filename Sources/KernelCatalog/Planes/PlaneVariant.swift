// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Convolution of plain `[N][C][H][W]` tensors with neighbouring pixels in the lanes: groups whose
/// channels do not fill vectors, and whoever has no other layout.
///
/// Each worker copies the rows of a group's channels between zeros before it computes them.
///
/// At the border of the image weights meet these zeros. A filter with a weight that is infinite or NaN
/// would make them NaN; it is left to the direct kernels.
struct PlaneVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let entry: KernelEntry
  private let caches: CacheSizes
  private let tile: RegisterBlock?

  /// The variant of `entry`, a kernel of the family `planes`, with `tile` as the largest tile,
  /// channels × vectors, where it shall not be chosen.
  init(_ entry: KernelEntry, caches: CacheSizes = .current, tile: RegisterBlock? = nil) {
    self.entry = entry
    self.caches = caches
    self.tile = tile
    identity = VariantIdentity(
      family: "planes", layout: Layout.nchw.name, instructionSet: entry.instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    operation.refusal(of: .f32) ?? .supported
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
        entry.instructionSet, operation, weights: weights, input: input, output: output,
        workers: workers)
    }
    let plan = plan(operation.problem, workers: workers)
    let tables = try PlaneTables(
      plan, operation, weights, input: input, output: output, workers: workers)
    let phase = Phase(
      name: "kernel", tasks: plan.tasks, context: UnsafeRawPointer(tables.arguments),
      run: entry.run)
    return PreparedOperation(
      phases: [phase], scratchBytes: tables.scratchBytes, implementation: plan.implementation,
      filterMemory: [UnsafeRawBufferPointer(tables.filter.floats)], owner: tables)
  }

  private func plan(_ problem: ConvolutionProblem, workers: Int) -> PlanePlan {
    PlanePlan(problem, entry.instructionSet, workers: workers, caches: caches, tile: tile)
  }
}

extension PlaneVariant {
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    plan(operation.problem, workers: workers).cycles(workers: workers)
  }
}
