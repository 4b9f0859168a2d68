// SPDX-License-Identifier: Apache-2.0

/// Tiles side by side in a line that meet the image's border in the same way.
///
/// A tile's *steps* are the inputs under it along the line, counted from the first one that its
/// first tap touches. Where a segment has several tiles, all of their steps lie inside the image.
/// - Units: offsets in bytes.
public struct LineSegment: BitwiseCopyable {
  /// From the line's input to the first tile's step 0; may lie outside the image.
  public var input: Int
  /// From the line's first output to the first tile's.
  public var output: Int
  /// Number of tiles.
  public var tiles: Int
  /// Whether its tiles have the kernel's smaller number of outputs.
  public var isShort: Bool
  /// Whether every step lies inside the image.
  public var isInside: Bool
  /// The first step inside the image; for kernels that take all taps of a line at once.
  public var low: Int
  /// The step after the last one inside the image.
  public var high: Int
  /// Position of the first chunk in the table, for kernels that take the taps in chunks.
  public var firstChunk: Int
  /// Number of chunks of full size.
  public var chunkCount: Int
  /// Number of single taps, which follow the chunks in the table.
  public var singleCount: Int

  /// A segment of one tile without chunks.
  public init(input: Int, output: Int) {
    self.input = input
    self.output = output
    tiles = 1
    isShort = false
    isInside = false
    low = 0
    high = 0
    firstChunk = 0
    chunkCount = 0
    singleCount = 0
  }
}
