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
  /// The lines of a plane, in the order in which they are computed.
  var lines: [Line]
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
    let across = LineAxis(problem, .height, inputPitch: input.row, outputPitch: output.row)
    (self.source, self.lanes, weightLanes) = (source, lanes, lanes)
    let (perGroup, area) = (problem.inChannelsPerGroup, problem.kernel.area)
    along = LineAxis(problem, .width, inputPitch: input.pixel, outputPitch: output.pixel)
    lines = Self.lines(across)
    (tapsAcross, acrossPitch) = (across.taps, across.dilation * across.inputPitch)
    filterSteps = FilterSteps(
      output: perGroup * area, input: area, across: problem.kernel.width, along: 1)
    (firstChannels, lastPlaneOverlaps) = Self.channels(problem, layout, lanes: lanes)
    planes = firstChannels.map {
      LinePlane(
        input: input.offset(channel: $0 / problem.outChannelsPerGroup * perGroup),
        output: output.offset(channel: $0))
    }
    imagePitch = (input.image, output.image)
    channelsPerVector = source.channelsPerVector
    let shared = source == .sharedChannel ? perGroup : 1
    channelOffsets = (0..<shared).map { input.offset(channel: $0) }
  }

  /// The first output channel of every plane, and whether the last plane overlaps the one before it.
  private static func channels(
    _ problem: ConvolutionProblem, _ layout: Layout, lanes: Int
  ) -> (first: [Int], lastOverlaps: Bool) {
    let count = problem.outChannels
    let starts = Swift.stride(from: 0, to: count, by: lanes)
    guard layout == .nhwc else { return (Array(starts), false) }
    return (starts.map { min($0, count - lanes) }, count > lanes && count % lanes != 0)
  }

  /// Orders the lines so that each shares rows of inputs with the one before it.
  ///
  /// Where rows of taps are 4 rows apart: the lines 0, 4, 8 and so on, then 1, 5, 9 and so on. From row to
  /// row, nine rows of inputs are in use between a row's first reading and its last, which level 1 may not
  /// hold: 0.81 to 0.96 of the time for 64 channels of 56×56 to 65×65, 0.79 in NHWC, on Zen 5. Where it does,
  /// rows one after the other come sooner (1.03 for 28×28 in AVX2).
  mutating func orderByRows(stride: Int, dilation: Int) {
    guard tapsAcross * abs(acrossPitch) > CacheSizes.current.level1 / 4 else { return }
    let apart = (1...dilation).first { $0 * stride % dilation == 0 } ?? 1
    lines = (0..<apart).flatMap { first in
      Swift.stride(from: first, to: lines.count, by: apart).map { lines[$0] }
    }
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
