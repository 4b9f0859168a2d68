// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A channel copied between zeros, the columns of each remainder of the stride apart.
/// - Units: pitches in bytes.
struct PaddedPlane {
  /// From one row to the next.
  let rowPitch: Int
  /// From the columns of one remainder of the stride to those of the next.
  let remainderPitch: Int
  /// Size of the copy.
  let bytes: Int
  /// The first output column of every line; the last line overlaps the one before it.
  let firstColumns: [Int]

  /// The copy of a channel of `problem`, read in vectors of `lanes` columns.
  init(_ problem: ConvolutionProblem, lanes: Int) {
    let float = ElementType.f32.bytes
    let outputs = problem.output.width
    firstColumns = Swift.stride(from: 0, to: outputs, by: lanes).map {
      min($0, max(0, outputs - lanes))
    }
    let step = problem.stride.width
    let lastTap = (problem.kernel.width - 1) * problem.dilation.width
    let columnsRead = (firstColumns.last ?? 0) + lanes + lastTap / step
    let columnsWritten = (problem.padding.left + problem.input.width - 1) / step + 1
    let columns = max(columnsRead, columnsWritten)
    remainderPitch = (columns + lanes - 1) / lanes * lanes * float
    rowPitch = remainderPitch * min(step, max(lastTap, problem.input.width + step) + 1)
    bytes = rowPitch * problem.input.height
  }

  /// Where the input under tap `tap` of output column 0 stands in its row.
  func offset(ofTap tap: Int, _ problem: ConvolutionProblem) -> Int {
    let column = tap * problem.dilation.width
    return column % problem.stride.width * remainderPitch
      + column / problem.stride.width * ElementType.f32.bytes
  }
}

extension LineGeometry {
  /// The geometry of a depthwise `problem` over copies of its channels, with pixels in the lanes.
  ///
  /// Lines go down the image. With a stride of 1 the taps of a row are taps across, of which each
  /// line skips those outside the image; otherwise they are not equally far apart and stand in the
  /// place of input channels.
  init(_ problem: ConvolutionProblem, _ copy: PaddedPlane, lanes: Int) {
    let float = ElementType.f32.bytes
    let isDense = problem.stride.width == 1
    let area = (input: problem.input.area * float, output: problem.output.area * float)
    (source, channelsPerVector, self.lanes, weightLanes) = (.pixels, 1, lanes, 1)
    along = LineAxis(
      problem, .height, inputPitch: copy.rowPitch, outputPitch: problem.output.width * float)
    lines = copy.firstColumns.map { first in
      let taps = isDense ? problem.tapsInside(columns: first..<first + lanes) : 0..<1
      return Line(
        input: first * float + copy.offset(ofTap: taps.lowerBound, problem),
        output: first * float, taps: taps)
    }
    tapsAcross = isDense ? problem.kernel.width : 1
    acrossPitch = isDense ? problem.dilation.width * float : 0
    filterSteps = FilterSteps(
      output: problem.kernel.area, input: 1, across: 1, along: problem.kernel.width)
    (firstChannels, lastPlaneOverlaps) = (Array(0..<problem.outChannels), false)
    planes = firstChannels.map {
      LinePlane(input: $0 / problem.outChannelsPerGroup * area.input, output: $0 * area.output)
    }
    imagePitch = (problem.inChannels * area.input, problem.outChannels * area.output)
    channelOffsets =
      isDense ? [0] : (0..<problem.kernel.width).map { copy.offset(ofTap: $0, problem) }
  }
}

extension ConvolutionProblem {
  /// The taps of a row that meet the image under any of the output `columns`, for a stride of 1.
  fileprivate func tapsInside(columns: Range<Int>) -> Range<Int> {
    let step = dilation.width
    let first = ceilingOfQuotient(padding.left - (columns.upperBound - 1), step)
    let end = ceilingOfQuotient(input.width + padding.left - columns.lowerBound, step)
    let lower = min(kernel.width, first)
    return lower..<max(lower, min(kernel.width, end))
  }
}
