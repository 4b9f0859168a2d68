// SPDX-License-Identifier: Apache-2.0

/// How the rows of a plane are copied between zeros, the columns of each remainder of the stride apart.
public struct RowCopy: BitwiseCopyable {
  /// Columns of the image.
  public var columns = 0
  /// Columns from an output to the next.
  public var stride = 1
  /// Zeros before a row.
  public var padding = 0
  /// From the columns of one remainder of the stride to those of the next, in bytes.
  public var remainderPitch = 0

  /// A copy of nothing.
  public init() {}

  /// A copy of the rows of what `problem` reads.
  public init(_ problem: ConvolutionProblem, remainderPitch: Int) {
    columns = problem.input.width
    stride = problem.stride.width
    padding = problem.padding.left
    self.remainderPitch = remainderPitch
  }
}
