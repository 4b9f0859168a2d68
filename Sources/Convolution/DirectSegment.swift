// SPDX-License-Identifier: Apache-2.0

/// A part of an output row that one task computes.
public struct DirectSegment: BitwiseCopyable {
  /// First pixel.
  public var firstPixel: Int
  /// Pixels.
  public var pixels: Int
  /// The sweeps that compute it.
  public var sweeps: DirectRange

  /// The part of `pixels`, computed by `sweeps`.
  public init(_ pixels: Range<Int>, sweeps: DirectRange) {
    firstPixel = pixels.lowerBound
    self.pixels = pixels.count
    self.sweeps = sweeps
  }
}
