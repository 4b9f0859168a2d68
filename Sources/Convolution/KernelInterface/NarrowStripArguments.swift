// SPDX-License-Identifier: Apache-2.0

/// What a depthwise convolution of bf16 or integers, or one in small groups, works on: channels innermost,
/// strip by strip.
///
/// - Shapes: filter `[block][row][quantum][tap column][vector][lane][number of the quantum]`, where a row is
///   that of one of two outputs, and its quanta are its own, then those of both; starts and scales
///   `[block][vector][lane]`; lanes have the channels that `NarrowStripShape.channel` says.
public struct NarrowStripArguments: BitwiseCopyable {
  /// Input and filter.
  public var input, filter: UnsafeRawPointer
  /// What sums start from: the bias, and of integers what the input's zero point makes of all weights.
  public var starts: UnsafeRawPointer
  /// Of integers, what a step of a sum is in steps of the output.
  public var scales: UnsafeRawPointer
  /// Of integers, a vector of the output's zero point in 16 bits, and one of the least output in 8.
  public var limits: UnsafeRawPointer
  /// What lies outside the image: a vector of the input, and one of a strip.
  public var outside: UnsafeRawPointer
  /// A row of that, with room for the padding on both sides and a vector behind it; where nothing is laid.
  public var margin: UnsafeRawPointer
  /// The output.
  public var output: UnsafeMutableRawPointer
  /// A strip for each worker: `[quantum][column][vector][lane]`.
  public var strips: UnsafeMutableRawPointer
  /// The rows of the input that a strip has, `[set][slot]`, negative where there is none.
  public var inputRows: UnsafePointer<Int32>
  /// Of groups, which byte of a part of 128 bits each one of a vector is, `[part][vector]`.
  public var permutations: UnsafeRawPointer
  /// How the rows are cut.
  public var shape: NarrowStripShape
  /// Channels, and blocks of them.
  public var channels: Int, blocks: Int
  /// Extents.
  public var inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int
  /// Columns of taps, and the strides.
  public var kernelWidth: Int, strideHeight: Int, strideWidth: Int
  /// What lies around the image above and on the left, and the distance of columns of taps.
  public var paddingTop: Int, paddingLeft: Int, dilationWidth: Int
  /// Whether negative results become zero; of integers `limits` says it.
  public var hasReLU: Bool

  /// Memory that `NarrowStripArguments` points to.
  public struct Memory {
    /// See there.
    public var input, filter, starts, scales, limits, outside, margin: UnsafeRawPointer
    /// See there.
    public var permutations: UnsafeRawPointer
    /// See there.
    public var output, strips: UnsafeMutableRawPointer
    /// See there.
    public var inputRows: UnsafePointer<Int32>

    /// Memory for all of it.
    public init(
      input: UnsafeRawPointer, filter: UnsafeRawPointer, starts: UnsafeRawPointer,
      scales: UnsafeRawPointer, limits: UnsafeRawPointer, outside: UnsafeRawPointer,
      margin: UnsafeRawPointer, permutations: UnsafeRawPointer,
      output: UnsafeMutableRawPointer, strips: UnsafeMutableRawPointer,
      inputRows: UnsafePointer<Int32>
    ) {
      (self.input, self.filter, self.starts) = (input, filter, starts)
      (self.scales, self.limits, self.outside) = (scales, limits, outside)
      self.margin = margin
      (self.permutations, self.output, self.strips) = (permutations, output, strips)
      self.inputRows = inputRows
    }
  }

  /// The arguments of `operation` in `memory`.
  public init(_ operation: ConvolutionOperation, _ shape: NarrowStripShape, _ memory: Memory) {
    let problem = operation.problem
    (input, filter, starts) = (memory.input, memory.filter, memory.starts)
    (scales, limits, outside) = (memory.scales, memory.limits, memory.outside)
    (output, strips, inputRows) = (memory.output, memory.strips, memory.inputRows)
    (permutations, margin) = (memory.permutations, memory.margin)
    self.shape = shape
    channels = problem.outChannels
    blocks = (channels + shape.channels - 1) / shape.channels
    (inputHeight, inputWidth) = (problem.input.height, problem.input.width)
    (outputHeight, outputWidth) = (problem.output.height, problem.output.width)
    (strideHeight, strideWidth) = (problem.stride.height, problem.stride.width)
    kernelWidth = problem.kernel.width
    dilationWidth = problem.dilation.width
    (paddingTop, paddingLeft) = (problem.padding.top, problem.padding.left)
    hasReLU = operation.epilogue.hasReLU
  }
}
