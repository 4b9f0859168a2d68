// SPDX-License-Identifier: Apache-2.0

/// What a depthwise microkernel is specialised for.
public struct DepthwiseForm: Hashable, Sendable {
  /// Neighbouring outputs of a line whose sums stay in registers.
  public var pixels: Int
  /// Neighbouring taps along the line whose weights stay in registers, so that an input is loaded
  /// once for all of them.
  public var taps: Int
  /// Steps from an output to the next.
  ///
  /// Where `taps` is 1 the kernel knows only 1, and any stride is a longer step through the input.
  public var stride: Int
  /// Whether `taps` is the whole kernel along the line; then fewer steps than `taps` may lie
  /// outside the image on either side.
  public var isWhole: Bool

  /// A form.
  public init(pixels: Int, taps: Int, stride: Int, isWhole: Bool) {
    self.pixels = pixels
    self.taps = taps
    self.stride = stride
    self.isWhole = isWhole
  }
}
