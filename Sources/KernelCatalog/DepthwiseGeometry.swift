// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A depthwise problem in a layout with channels innermost, as lines of planes of vectors.
struct DepthwiseGeometry {
  /// The axis of the lines: the image's width.
  let along: DepthwiseAxis
  /// The axis across the lines: the image's height.
  let across: DepthwiseAxis
  /// Channels in one vector.
  let lanes: Int
  /// The first channel of every plane.
  ///
  /// Without layout padding the last plane overlaps the one before it: both compute the shared
  /// channels, with the same result.
  let firstChannels: [Int]
  /// The planes' first input and output, in bytes, with weights and biases still unset.
  let planes: [DepthwisePlane]
  /// Bytes from one image to the next.
  let imagePitch: (input: Int, output: Int)

  /// The geometry of `problem` in `layout`.
  /// - Requires: `channelBlocked(lanes)`, or `nhwc` and at least `lanes` channels.
  init(_ problem: ConvolutionProblem, layout: Layout, lanes: Int) {
    let float = MemoryLayout<Float>.stride
    let channels = problem.outChannels
    let isBlocked = layout != .nhwc
    let pixel = float * (isBlocked ? lanes : channels)
    along = DepthwiseAxis(
      problem, \.width, padding: problem.padding.left, inputPitch: pixel, outputPitch: pixel)
    across = DepthwiseAxis(
      problem, \.height, padding: problem.padding.top, inputPitch: problem.input.width * pixel,
      outputPitch: problem.output.width * pixel)
    self.lanes = lanes
    let count = (channels + lanes - 1) / lanes
    firstChannels = (0..<count).map { isBlocked ? $0 * lanes : min($0 * lanes, channels - lanes) }
    let area = (input: problem.input.area * pixel, output: problem.output.area * pixel)
    planes = firstChannels.map { channel in
      isBlocked
        ? DepthwisePlane(
          input: channel / lanes * area.input, output: channel / lanes * area.output, weights: 0,
          bias: 0)
        : DepthwisePlane(input: channel * float, output: channel * float, weights: 0, bias: 0)
    }
    let planesPerImage = isBlocked ? count : 1
    imagePitch = (area.input * planesPerImage, area.output * planesPerImage)
  }
}
