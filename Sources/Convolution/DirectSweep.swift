// SPDX-License-Identifier: Apache-2.0

/// Neighbouring tiles of an output row that sum the same columns of taps.
///
/// A tile whose taps all fall inside the image for all of its pixels is one sweep that `clears` and
/// `finishes`. At the image's edge a tile is several: one that clears, then for each set of taps
/// one over the pixels for which they fall inside, and the last one finishes.
///
/// - Units: offsets count floats.
public struct DirectSweep: BitwiseCopyable {
  /// Where the first tile's first tap reads, from the start of the input row.
  public var input: Int
  /// The first pixel of the first tile.
  public var firstPixel: Int
  /// Pixels of a tile.
  public var pixels: Int
  /// Tiles.
  public var tiles: Int
  /// First column of taps.
  public var firstTap: Int
  /// Columns of taps; 0 to clear or finish only.
  public var taps: Int
  /// Whether the sum starts here, from the bias, instead of from what the output holds.
  public var clears: Bool
  /// Whether the sum ends here, so that a ReLU may follow.
  public var finishes: Bool

  /// A sweep.
  public init(
    input: Int, firstPixel: Int, pixels: Int, tiles: Int, firstTap: Int, taps: Int, clears: Bool,
    finishes: Bool
  ) {
    self.input = input
    self.firstPixel = firstPixel
    self.pixels = pixels
    self.tiles = tiles
    self.firstTap = firstTap
    self.taps = taps
    self.clears = clears
    self.finishes = finishes
  }
}
