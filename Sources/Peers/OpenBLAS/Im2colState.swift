// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Owns what a prepared im2col convolution reads and writes beside its activations.
final class Im2colState {
  let arguments: UnsafeMutablePointer<Im2colArguments>
  /// The columns of all workers, in bytes.
  let scratchBytes: Int
  /// The filter and the bias.
  let weightBuffers: [AlignedBuffer]
  private let columns: AlignedBuffer
  private let activations: [Activation]

  init(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(MemoryError) {
    let blocking = Im2colBlocking(operation.problem, workers: workers)
    let filter = try AlignedBuffer(weights.filter)
    let bias = try AlignedBuffer(weights.bias)
    columns = try AlignedBuffer(count: blocking.columnsPerWorker * workers)
    weightBuffers = [filter, bias]
    activations = [input, output]
    scratchBytes = columns.bytes
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: Im2colArguments(
        problem: operation.problem, blocking: blocking, hasReLU: operation.epilogue.hasReLU,
        input: UnsafePointer(input.pointer), filter: UnsafePointer(filter.pointer),
        bias: operation.epilogue.hasBias ? UnsafePointer(bias.pointer) : nil,
        output: output.pointer, columns: columns.pointer))
  }

  deinit { arguments.deallocate() }
}
