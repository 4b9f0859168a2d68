// SPDX-License-Identifier: Apache-2.0

/// How a direct convolution steps through its tensors, and what its tables do not say.
///
/// - Units: all steps count floats.
public struct DirectSteps: BitwiseCopyable {
  /// Channels of a full run.
  public var run = 1
  /// Rows of the kernel.
  public var tapRows = 1
  /// Columns of the kernel.
  public var tapColumns = 1
  /// From one channel of a run to the next in the input.
  public var inputChannel = 1
  /// From one run of channels to the next in the input.
  public var inputRun = 0
  /// From one row of taps to the next in the input.
  public var inputTapRow = 0
  /// From one column of taps to the next in the input.
  public var inputTapColumn = 0
  /// From one output pixel's input to the next one's.
  public var inputPixel = 1
  /// From one channel's weights to the next one's; 0 where the filter is packed, so that each
  /// channel's vectors follow the last one's.
  public var filterChannel = 0
  /// From one pixel to the next in the output.
  public var outputPixel = 1
  /// From one vector of output channels to the next in the output.
  public var outputVector = 0
  /// From one channel to the next where the output is transposed; see `DirectArguments.scratch`.
  public var outputChannel = 0
  /// From one segment of a row and from one vector of output channels to the next in the sums over
  /// pixels.
  public var sumsSegment = 0, sumsVector = 0

  /// Runs that are summed for all pixels of a task before the next are.
  public var runsPerBlock = 1
  /// Blocks of runs; at least those of the panel that has most.
  public var blocks = 1
  /// Cache lines of the next block's filter that each tile asks for; 0 where the filter is near.
  public var prefetchLines = 0
  /// Whether the columns of taps continue each other in the input as they do in the filter, so
  /// that a row of taps is one long run.
  public var joinsTaps = false
  /// Whether the bias belongs to pixels instead of lanes: the roles of pixels and output channels
  /// are exchanged.
  public var hasBiasPerPixel = false
  /// Whether negative results become zero.
  public var hasReLU = false
  /// Whether neighbouring tasks share their panels, and so the filter, or their pixels.
  public var panelsOutermost = true

  /// Steps of zero and no options; to be filled in.
  public init() {}
}
