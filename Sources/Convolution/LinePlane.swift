// SPDX-License-Identifier: Apache-2.0

/// The channels of one vector, in one image.
/// - Units: offsets in bytes.
public struct LinePlane: BitwiseCopyable {
  /// The plane's first input.
  public var input: Int
  /// The plane's first output.
  public var output: Int
  /// The plane's weights.
  public var weights: Int
  /// The plane's bias.
  public var bias: Int
  /// The plane's first sums over pixels.
  public var sums: Int

  /// A plane.
  public init(input: Int, output: Int, weights: Int, bias: Int) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    sums = 0
  }
}
