// SPDX-License-Identifier: Apache-2.0

/// How a task of a direct convolution of a narrow type copies the rows that it reads of a panel's channels,
/// with what lies outside the image beside them.
///
/// The taps of a row then continue each other, and every tile has all of them. Where several groups share a
/// vector, a pixel of the copy is a vector for each quantum, in whose lanes each group has its own.
///
/// - Units: bytes, unless they count something.
public struct DirectCopy: BitwiseCopyable {
  /// Pixels of a row left of the image, inside, and right of it.
  public var left: Int, inside: Int, right: Int
  /// A panel's channels of a pixel, and from a pixel and a row to the next in the input.
  public var width: Int, inputPixel: Int, inputRow: Int
  /// From a pixel and a row to the next in the copy.
  public var pixel: Int, row: Int
  /// Vectors of a pixel where several groups share one; otherwise 0.
  public var vectors: Int
  /// Quanta of a row of taps.
  public var rowQuanta: Int
  /// Rows of the input from an output row to the next.
  public var stride: Int
  /// Pixels from an output to the next.
  public var step: Int
  /// A vector of what lies outside the image; then, for each vector of a pixel, which bytes or halves of the
  /// input its lanes have.
  public var table: UnsafeRawPointer

  /// The copy; see the properties.
  public init(
    left: Int, inside: Int, right: Int, width: Int, inputPixel: Int, inputRow: Int, pixel: Int,
    row: Int, vectors: Int, rowQuanta: Int, stride: Int, step: Int, table: UnsafeRawPointer
  ) {
    (self.left, self.inside, self.right) = (left, inside, right)
    (self.width, self.inputPixel, self.inputRow) = (width, inputPixel, inputRow)
    (self.pixel, self.row, self.vectors) = (pixel, row, vectors)
    (self.rowQuanta, self.stride) = (rowQuanta, stride)
    (self.step, self.table) = (step, table)
  }

  /// Pixels of a row of the largest tile of one vector.
  public static var widestTile: Int { 20 }

  /// Rows of a tile of so many pixels and vectors, where there are as many: 1, 2 or 4, of at most 20 sums, or 24
  /// of more than two vectors.
  public static func rows(pixels: Int, vectors: Int) -> Int {
    let sums = pixels * vectors
    let most = vectors > 2 ? 24 : 20
    return 4 * sums <= most && vectors <= 2 ? 4 : 2 * sums <= most ? 2 : 1
  }
}
