// SPDX-License-Identifier: Apache-2.0

internal import COpenBLAS
internal import Convolution

/// Convolution as a matrix product: columns unfolded by our code, multiplied by OpenBLAS.
struct Im2colOpenBLAS: ConvolutionVariant {
  typealias Failure = any Error

  let identity = VariantIdentity(family: "im2col-openblas", layout: "nchw")

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    let largest = max(
      problem.inChannelsPerGroup * problem.kernel.area, problem.output.area, problem.input.area)
    // cblas counts in 32 bits.
    guard largest <= Int(blasint.max) else {
      return .unsupported(reason: "a matrix axis of \(largest) exceeds OpenBLAS's 32-bit sizes")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nchw, .nchw)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws -> PreparedOperation {
    let state = try Im2colState(
      operation, weights: weights, input: input, output: output,
      workers: workers)
    let phase = Phase(
      name: "im2col + sgemm", tasks: state.arguments.pointee.blocking.tasks,
      context: UnsafeRawPointer(state.arguments)
    ) { context, first, end, worker in
      context.assumingMemoryBound(to: Im2colArguments.self).pointee.run(first, end, worker: worker)
    }
    return PreparedOperation(
      phases: [phase], scratchBytes: state.scratchBytes,
      implementation: OpenBLASLibrary.shared.description,
      filterMemory: state.weightBuffers.map { UnsafeRawBufferPointer($0.floats) }, owner: state)
  }
}
