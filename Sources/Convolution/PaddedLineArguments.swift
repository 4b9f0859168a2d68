// SPDX-License-Identifier: Apache-2.0

/// What a line kernel works on that first copies a channel between zeros.
/// - Units: offsets and pitches in bytes.
public struct PaddedLineArguments {
  /// The lines, in terms of the copy; must be the first member.
  public var lines: LineArguments
  /// Memory of all workers, zero wherever no input is copied to.
  public var scratch: UnsafeMutableRawPointer
  /// From one worker's memory to the next's.
  public var scratchPerWorker: Int
  /// Rows of the image.
  public var rows: Int
  /// Columns of the image.
  public var columns: Int
  /// Columns from an output to the next.
  public var stride: Int
  /// Zeros before a row.
  public var padding: Int
  /// From one row of the copy to the next.
  public var rowPitch: Int
  /// From the columns of one remainder of the stride to those of the next.
  public var remainderPitch: Int

  /// Arguments over the given lines and memory.
  public init(
    lines: LineArguments, scratch: UnsafeMutableRawPointer, scratchPerWorker: Int, rows: Int,
    columns: Int, stride: Int, padding: Int, rowPitch: Int, remainderPitch: Int
  ) {
    self.lines = lines
    self.scratch = scratch
    self.scratchPerWorker = scratchPerWorker
    self.rows = rows
    self.columns = columns
    self.stride = stride
    self.padding = padding
    self.rowPitch = rowPitch
    self.remainderPitch = remainderPitch
  }
}
