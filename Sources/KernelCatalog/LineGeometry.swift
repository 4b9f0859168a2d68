// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A convolution as lines of planes: what line kernels and their tables need to know of a problem
/// and its layout.
///
/// A plane is what one vector of output channels takes of one image, or one channel of it where the
/// lanes are pixels.
struct LineGeometry {
  /// A line of outputs, in bytes from the plane's first input and output.
  struct Line {
    /// The input under the first of `taps`.
    var input: Int
    /// The line's first output.
    var output: Int
    /// The taps across that lie inside the image.
    var taps: Range<Int>
  }

  /// Distances between the weights of the plain filter, in weights.
  struct FilterSteps {
    var output: Int
    var input: Int
    var across: Int
    var along: Int
  }

  /// What the lanes are.
  let source: LineSource
  /// The axis of the lines.
  let along: LineAxis
  /// The lines of a plane.
  let lines: [Line]
  /// Taps across the lines.
  let tapsAcross: Int
  /// Bytes from an input to the one under the next tap across.
  let acrossPitch: Int
  /// Floats in one vector.
  let lanes: Int
  /// Floats that hold a weight: a vector, or one where all lanes share it.
  let weightLanes: Int
  /// Where weights stand in the plain filter.
  let filterSteps: FilterSteps
  /// The first output channel of every plane.
  ///
  /// Without layout padding the last plane overlaps the one before it: both compute the shared
  /// channels, with the same result, and in one task.
  let firstChannels: [Int]
  /// Whether the last plane shares channels with the one before it.
  let lastPlaneOverlaps: Bool
  /// The planes' first input and output, in bytes, with weights and biases still unset.
  let planes: [LinePlane]
  /// Bytes from one image to the next.
  let imagePitch: (input: Int, output: Int)
  /// Where the input channels that one vector of inputs does not hold lie, in bytes from the first:
  /// one entry where the source brings all of them.
  let channelOffsets: [Int]
  /// Input channels in one vector of inputs.
  let channelsPerVector: Int
}

extension LineGeometry {
  /// The geometry of `problem` in `layout`, with channels in the lanes, and outputs that lie as in
  /// `output` where that is given.
  /// - Requires: a source that `LineSource.init(_:layout:lanes:)` gave.
  init(
    _ problem: ConvolutionProblem, source: LineSource, layout: Layout, lanes: Int,
    output other: LineTensor? = nil
  ) {
    let input = LineTensor(problem.inputShape, layout: layout, lanes: lanes)
    let output = other ?? LineTensor(problem.outputShape, layout: layout, lanes: lanes)
    let across = LineAxis(
      problem, .height, padding: problem.padding.top, inputPitch: input.row,
      outputPitch: output.row)
    let perGroup = problem.inChannelsPerGroup
    let channels = problem.outChannels
    let firstChannels = stride(from: 0, to: channels, by: lanes).map {
      layout == .nhwc ? min($0, channels - lanes) : $0
    }
    self.init(
      source: source,
      along: LineAxis(
        problem, .width, padding: problem.padding.left, inputPitch: input.pixel,
        outputPitch: output.pixel),
      lines: Self.lines(across),
      tapsAcross: across.taps, acrossPitch: across.dilation * across.inputPitch, lanes: lanes,
      weightLanes: lanes,
      filterSteps: FilterSteps(
        output: perGroup * problem.kernel.area, input: problem.kernel.area,
        across: problem.kernel.width, along: 1),
      firstChannels: firstChannels,
      lastPlaneOverlaps: layout == .nhwc && channels > lanes && channels % lanes != 0,
      planes: firstChannels.map { channel in
        let firstInput = channel / problem.outChannelsPerGroup * perGroup
        return LinePlane(
          input: input.offset(channel: firstInput), output: output.offset(channel: channel),
          weights: 0, bias: 0)
      },
      imagePitch: (input.image, output.image),
      channelOffsets: source == .sharedChannel
        ? (0..<perGroup).map { input.offset(channel: $0) } : [0],
      channelsPerVector: source.channelsPerVector)
  }

  /// Planes of an image that have tasks of their own.
  var planeTasks: Int { planes.count - (lastPlaneOverlaps ? 1 : 0) }

  /// Taps across of a line, in the mean.
  var meanTapRows: Double {
    Double(lines.reduce(0) { $0 + $1.taps.count }) / Double(max(1, lines.count))
  }

  /// One line per row.
  private static func lines(_ across: LineAxis) -> [Line] {
    (0..<across.outputs).map { output in
      let taps = across.tapsInside(output)
      let first = output * across.stride - across.padding + taps.lowerBound * across.dilation
      return Line(
        input: first * across.inputPitch, output: output * across.outputPitch, taps: taps)
    }
  }
}
