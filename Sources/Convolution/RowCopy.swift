// SPDX-License-Identifier: Apache-2.0

/// How the rows of a plane are copied between zeros, the columns of each remainder of the stride apart.
public struct RowCopy: BitwiseCopyable {
  /// Columns of the image.
  public var columns: Int
  /// Columns from an output to the next.
  public var stride: Int
  /// Zeros before a row.
  public var padding: Int
  /// From the columns of one remainder of the stride to those of the next, in bytes.
  public var remainderPitch: Int

  /// A copy; see the properties.
  public init(columns: Int, stride: Int, padding: Int, remainderPitch: Int) {
    self.columns = columns
    self.stride = stride
    self.padding = padding
    self.remainderPitch = remainderPitch
  }
}
