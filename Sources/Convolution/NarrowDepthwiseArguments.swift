// SPDX-License-Identifier: Apache-2.0

/// What a depthwise convolution of bf16 or integers with channels innermost works on.
///
/// Channels go by *blocks* of as many as a register of 64 bytes holds; a block's sums are as many vectors of
/// 16 lanes as an element has parts of four bytes, and lane `4L + j` of vector `v` of `V` has the channel
/// `4VL + 4v + j`: the order in which interleaved taps come out.
///
/// - Shapes: filter `[block][quantum of taps][vector][lane][tap of quantum]`, taps row by row, zeros behind the
///   last one; starts and scales `[block][vector][lane]`.
public struct NarrowDepthwiseArguments: BitwiseCopyable {
  /// Input and filter.
  public var input, filter: UnsafeRawPointer
  /// What sums start from: the bias, and of integers what the input's zero point makes of all weights.
  public var starts: UnsafeRawPointer
  /// Of integers, what a step of a sum is in steps of the output.
  public var scales: UnsafeRawPointer
  /// A row of the input of zero points, and 64 bytes more.
  public var zeros: UnsafeRawPointer
  /// The output.
  public var output: UnsafeMutableRawPointer
  /// For each worker, the addresses of the taps of a pixel.
  public var tables: UnsafeMutablePointer<UnsafeRawPointer>
  /// Entries of a worker's table: whole quanta.
  public var tableCount: Int
  /// Channels, blocks of them, and quanta of taps.
  public var channels: Int, blocks: Int, quanta: Int
  /// Extents.
  public var inputHeight: Int, inputWidth: Int, outputHeight: Int, outputWidth: Int
  /// The kernel.
  public var kernelHeight: Int, kernelWidth: Int, strideHeight: Int, strideWidth: Int
  /// What lies around the image above and on the left, and the distance of taps.
  public var paddingTop: Int, paddingLeft: Int, dilationHeight: Int, dilationWidth: Int
  /// The output columns of which all columns of taps lie inside the image.
  public var firstInside: Int, endInside: Int
  /// Whether negative results become zero; of integers `lowest` says it.
  public var hasReLU: Bool
  /// How far an output of integers may lie below and above its zero point.
  public var lowest: Float = 0, highest: Float = 0
  /// The output that stands for zero.
  public var outputZero: Int32 = 0

  /// The arguments of `operation` in memory; integers are set afterwards.
  public init(
    _ operation: ConvolutionOperation, input: UnsafeRawPointer, filter: UnsafeRawPointer,
    starts: UnsafeRawPointer, scales: UnsafeRawPointer, zeros: UnsafeRawPointer,
    output: UnsafeMutableRawPointer, tables: UnsafeMutablePointer<UnsafeRawPointer>
  ) {
    let problem = operation.problem
    (self.input, self.filter, self.starts) = (input, filter, starts)
    (self.scales, self.zeros, self.output) = (scales, zeros, output)
    self.tables = tables
    channels = problem.outChannels
    blocks = Self.blocks(problem)
    quanta = Self.quanta(problem)
    tableCount = quanta * problem.dataType.quantum
    (inputHeight, inputWidth) = (problem.input.height, problem.input.width)
    (outputHeight, outputWidth) = (problem.output.height, problem.output.width)
    (kernelHeight, kernelWidth) = (problem.kernel.height, problem.kernel.width)
    (strideHeight, strideWidth) = (problem.stride.height, problem.stride.width)
    (paddingTop, paddingLeft) = (problem.padding.top, problem.padding.left)
    (dilationHeight, dilationWidth) = (problem.dilation.height, problem.dilation.width)
    hasReLU = operation.epilogue.hasReLU
    let last = inputWidth - 1 + paddingLeft - (kernelWidth - 1) * dilationWidth
    firstInside = (paddingLeft + strideWidth - 1) / strideWidth
    endInside = last < 0 ? 0 : min(outputWidth, last / strideWidth + 1)
  }

  /// Blocks of channels of `problem`.
  public static func blocks(_ problem: ConvolutionProblem) -> Int {
    (problem.outChannels + channels(problem.dataType) - 1) / channels(problem.dataType)
  }

  /// Quanta of taps of `problem`.
  public static func quanta(_ problem: ConvolutionProblem) -> Int {
    (problem.kernel.area + problem.dataType.quantum - 1) / problem.dataType.quantum
  }

  /// Channels of a block of `type`.
  public static func channels(_ type: DataType) -> Int { 64 / type.input.bytes }
}
