// SPDX-License-Identifier: Apache-2.0

/// What a line kernel is specialised for.
public struct LineForm: Hashable, Sendable {
  /// What its lanes are.
  public var source: LineSource
  /// Neighbouring outputs of a line whose sums stay in registers.
  public var pixels: Int
  /// A smaller number of outputs for which it has tiles too, or `pixels`.
  public var shorter: Int
  /// Neighbouring taps along the line whose weights stay in registers, so that an input is loaded
  /// once for all of them.
  public var taps: Int
  /// Steps from an output to the next.
  ///
  /// Where `taps` is 1 the kernel knows only 1, and any stride is a longer step through the input.
  public var stride: Int
  /// Vectors from an input to its neighbour along the line where that is fixed; 0 where the
  /// arguments say it.
  public var pitch: Int
  /// Whether `taps` is the whole kernel along the line; then half of `taps` steps, the usual padding,
  /// or none may lie outside the image on either side.
  public var isWhole: Bool

  /// A form.
  public init(
    source: LineSource, pixels: Int, shorter: Int, taps: Int, stride: Int, pitch: Int, isWhole: Bool
  ) {
    self.source = source
    self.pixels = pixels
    self.shorter = shorter
    self.taps = taps
    self.stride = stride
    self.pitch = pitch
    self.isWhole = isWhole
  }
}
