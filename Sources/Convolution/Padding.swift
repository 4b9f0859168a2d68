// SPDX-License-Identifier: Apache-2.0

/// Zeros that a convolution assumes around its input, per side.
public struct Padding: Hashable, Sendable {
  /// Rows above the image.
  public var top: Int
  /// Columns left of the image.
  public var left: Int
  /// Rows below the image.
  public var bottom: Int
  /// Columns right of the image.
  public var right: Int

  /// Padding per side.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// The same `vertical` padding above and below, the same `horizontal` padding left and right.
  public init(_ vertical: Int, _ horizontal: Int) {
    self.init(top: vertical, left: horizontal, bottom: vertical, right: horizontal)
  }
}
