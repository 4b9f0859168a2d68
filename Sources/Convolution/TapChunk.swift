// SPDX-License-Identifier: Apache-2.0

/// Neighbouring taps along a line that a kernel applies at once, or a single tap.
/// - Units: offsets in bytes.
public struct TapChunk: BitwiseCopyable {
  /// From the tile's step 0 to the chunk's.
  public var input: Int
  /// From the weights of the tap across to the chunk's.
  public var weights: Int
  /// The first of the chunk's steps that lies inside the image.
  public var low: Int
  /// The step after the last one inside the image.
  public var high: Int

  /// A chunk.
  public init(input: Int, weights: Int, low: Int, high: Int) {
    self.input = input
    self.weights = weights
    self.low = low
    self.high = high
  }
}
