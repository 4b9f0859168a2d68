// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Where things lie in a direct convolution: extents and steps, in floats, for the layouts given.
///
/// A 1×1 convolution without stride and padding has no rows: its pixels are one long row, and where
/// images follow each other without a gap they are one image.
struct DirectGeometry {
  /// Channels per vector, and per block of a channel-blocked layout.
  let lanes: Int
  /// Images with rows of their own.
  let images: Int
  /// Extent of an image's input.
  let input: Extent
  /// Extent of an image's output.
  let output: Extent
  /// The convolution.
  let problem: ConvolutionProblem
  /// Floats from one column to the next, in the input and in the output.
  let inputColumn, outputColumn: Int
  /// Floats from one image to the next.
  let inputImage, outputImage: Int
  /// Floats from one vector of output channels to the next.
  let outputVector: Int
  /// Whether output channels lie side by side, so that the last vector may be cut.
  let cutsLastVector: Bool
  /// Channels of a run and floats from one run to the next.
  let run, inputRun: Int
  private let layout: Layout

  /// The geometry of `problem` for activations in `layout`.
  init(_ problem: ConvolutionProblem, layout: Layout, lanes: Int) {
    self.problem = problem
    self.layout = layout
    self.lanes = lanes
    let isFlat =
      problem.kernel.area == 1 && problem.stride == Extent(1, 1) && problem.padding == Padding(0, 0)
    let merges = isFlat && layout == .nhwc
    images = merges ? 1 : problem.batch
    let pixels = problem.input.area * (merges ? problem.batch : 1)
    input = isFlat ? Extent(1, pixels) : problem.input
    output = isFlat ? Extent(1, pixels) : problem.output
    switch layout {
    case .channelBlocked:
      inputColumn = lanes
      outputColumn = lanes
      run = lanes
      inputRun = problem.input.area * lanes
      outputVector = problem.output.area * lanes
    case .nhwc, .nchw:
      inputColumn = problem.inChannels
      outputColumn = problem.outChannels
      let channels = problem.inChannelsPerGroup
      let runs = (channels + Self.longestRun - 1) / Self.longestRun
      run = (channels + runs - 1) / runs
      inputRun = run
      outputVector = lanes
    }
    cutsLastVector = layout == .nhwc
    inputImage = layout.count(problem.inputShape) / problem.batch
    outputImage = layout.count(problem.outputShape) / problem.batch
  }

  /// Longest run of channels with channels side by side: taps of the next column are then still
  /// near in level 1, and the loop over the run is long enough to be cheap.
  private static let longestRun = 64

  /// Where input channel `channel` starts in the first pixel of an image.
  func inputOffset(channel: Int) -> Int {
    layout == .nhwc ? channel : channel / lanes * inputRun + channel % lanes
  }

  /// Where the vector of output channels `vector` starts in the first pixel of an image.
  func outputOffset(vector: Int) -> Int { vector * outputVector }
}
