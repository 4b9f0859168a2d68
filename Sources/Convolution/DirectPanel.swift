// SPDX-License-Identifier: Apache-2.0

/// A few vectors of output channels that a direct convolution computes together.
///
/// - Units: offsets count floats.
public struct DirectPanel: BitwiseCopyable {
  /// Vectors of output channels.
  public var vectors: Int
  /// Output channels in the last vector.
  public var lanes: Int
  /// Where its filter starts.
  public var filter: Int
  /// Where its bias starts.
  public var bias: Int
  /// Where the input channels start that its groups see.
  public var input: Int
  /// Where its first output channel starts.
  public var output: Int
  /// Runs of input channels that its groups see.
  public var runs: Int
  /// Channels of the last run.
  public var lastRun: Int
  /// Index of the first segment for panels of this width.
  public var firstSegment: Int

  /// A panel.
  public init(
    vectors: Int, lanes: Int, filter: Int, bias: Int, input: Int, output: Int, runs: Int,
    lastRun: Int, firstSegment: Int
  ) {
    self.vectors = vectors
    self.lanes = lanes
    self.filter = filter
    self.bias = bias
    self.input = input
    self.output = output
    self.runs = runs
    self.lastRun = lastRun
    self.firstSegment = firstSegment
  }
}
