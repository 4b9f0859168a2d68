// SPDX-License-Identifier: Apache-2.0

/// An output row of a direct convolution.
///
/// - Units: offsets count floats.
public struct DirectRow: BitwiseCopyable {
  /// Where the input row of the first tap inside the image starts.
  public var input: Int
  /// Where the output row starts.
  public var output: Int
  /// First row of taps that falls inside the image.
  public var firstTap: Int
  /// Rows of taps that fall inside the image.
  public var taps: Int
  /// Where the row's sums over its pixels start.
  public var sums: Int

  /// A row.
  public init(input: Int, output: Int, firstTap: Int, taps: Int, sums: Int = 0) {
    self.input = input
    self.output = output
    self.firstTap = firstTap
    self.taps = taps
    self.sums = sums
  }
}
