// SPDX-License-Identifier: Apache-2.0

/// A few vectors of output channels that a direct convolution computes together.
///
/// - Units: offsets count floats.
public struct DirectPanel: BitwiseCopyable {
  /// Vectors of output channels.
  public var vectors: Int
  /// Lanes of the last vector that are written.
  public var lanes: Int
  /// Where its filter starts.
  public var filterStart: Int
  /// Where its bias starts.
  public var biasStart: Int
  /// Where the input channels start that it sums over.
  public var inputStart: Int
  /// Where its first output channel starts.
  public var outputStart: Int
  /// Runs of input channels that it sums over.
  public var runs: Int
  /// Channels of the last run.
  public var lastRun: Int
  /// Index of the first segment for panels of this width.
  public var firstSegment: Int
  /// Where the sums of its first channel over pixels go.
  public var sumsStart = 0
  /// Whether its sums start here; otherwise they wait in the output.
  public var starts = true
  /// Whether its sums are complete; otherwise the next panel goes on with them.
  public var finishes = true

  /// A panel.
  public init(
    vectors: Int, lanes: Int, filterStart: Int, biasStart: Int, inputStart: Int, outputStart: Int,
    runs: Int, lastRun: Int, firstSegment: Int
  ) {
    self.vectors = vectors
    self.lanes = lanes
    self.filterStart = filterStart
    self.biasStart = biasStart
    self.inputStart = inputStart
    self.outputStart = outputStart
    self.runs = runs
    self.lastRun = lastRun
    self.firstSegment = firstSegment
  }
}
