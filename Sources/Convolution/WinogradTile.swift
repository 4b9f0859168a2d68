// SPDX-License-Identifier: Apache-2.0

/// A square of outputs of a Winograd convolution, and the square of inputs that they come from.
///
/// - Units: offsets count bytes, the others rows and columns of the tile.
public struct WinogradTile: BitwiseCopyable {
  /// Where the first input lies, from the start of the activations; it may be outside the image.
  public var input: Int
  /// Where the first output lies.
  public var output: Int
  /// Input rows before `firstRow` and from `endRow` on are outside the image, and so zero.
  public var firstRow: Int32, endRow: Int32
  /// Input columns before `firstColumn` and from `endColumn` on are outside the image.
  public var firstColumn: Int32, endColumn: Int32
  /// Outputs of the tile that the image has.
  public var rows: Int32, columns: Int32

  /// A tile.
  public init(
    input: Int, output: Int, inputRows: Range<Int>, inputColumns: Range<Int>, rows: Int,
    columns: Int
  ) {
    self.input = input
    self.output = output
    firstRow = Int32(inputRows.lowerBound)
    endRow = Int32(inputRows.upperBound)
    firstColumn = Int32(inputColumns.lowerBound)
    endColumn = Int32(inputColumns.upperBound)
    self.rows = Int32(rows)
    self.columns = Int32(columns)
  }
}
