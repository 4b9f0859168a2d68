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
  /// From one row of the copy to the next.
  public var rowPitch: Int
  /// How a row is copied.
  public var row: RowCopy

  /// Arguments over the given lines and memory.
  public init(
    lines: LineArguments, scratch: UnsafeMutableRawPointer, scratchPerWorker: Int, rows: Int,
    rowPitch: Int, row: RowCopy
  ) {
    self.lines = lines
    self.scratch = scratch
    self.scratchPerWorker = scratchPerWorker
    self.rows = rows
    self.rowPitch = rowPitch
    self.row = row
  }
}
