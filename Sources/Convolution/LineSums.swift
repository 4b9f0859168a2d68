// SPDX-License-Identifier: Apache-2.0

/// Where line kernels put the sums of each line over its pixels, lanes being channels.
///
/// - Units: steps in bytes.
public struct LineSums: BitwiseCopyable {
  /// The sums of the first line of the first image.
  public var sums: UnsafeMutableRawPointer
  /// From one image to the next.
  public var image: Int
  /// From one line to the next.
  public var line: Int
  /// Outputs of a line.
  public var outputs: Int
  /// From an output to its neighbour.
  public var output: Int

  /// Places of sums.
  public init(
    sums: UnsafeMutableRawPointer, image: Int, line: Int, outputs: Int, output: Int
  ) {
    self.sums = sums
    self.image = image
    self.line = line
    self.outputs = outputs
    self.output = output
  }
}
