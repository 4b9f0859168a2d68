// SPDX-License-Identifier: Apache-2.0

/// One line of outputs of a plane, and the taps across that lie inside the image.
/// - Units: offsets in bytes.
public struct OutputLine: BitwiseCopyable {
  /// The input under the first of `taps`, at the line's start.
  public var input: Int
  /// The line's first output.
  public var output: Int
  /// The weights of the first of `taps`.
  public var weights: Int
  /// Taps across that lie inside the image.
  public var taps: Int

  /// A line.
  public init(input: Int, output: Int, weights: Int, taps: Int) {
    self.input = input
    self.output = output
    self.weights = weights
    self.taps = taps
  }
}
