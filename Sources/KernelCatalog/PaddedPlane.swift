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
    let float = MemoryLayout<Float>.stride
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
      + column / problem.stride.width * MemoryLayout<Float>.stride
  }
}

extension LineGeometry {
  /// The geometry of a depthwise `problem` over copies of its channels, with pixels in the lanes.
  ///
  /// Lines go down the image. With a stride of 1 the taps of a row are taps across, of which each
  /// line skips those outside the image; otherwise they are not equally far apart and stand in the
  /// place of input channels.
  init(_ problem: ConvolutionProblem, _ copy: PaddedPlane, lanes: Int) {
    let float = MemoryLayout<Float>.stride
    let multiplier = problem.outChannelsPerGroup
    let isDense = problem.stride.width == 1
    let area = (input: problem.input.area * float, output: problem.output.area * float)
    self.init(
      source: .pixels,
      along: LineAxis(
        problem, .height, padding: problem.padding.top, inputPitch: copy.rowPitch,
        outputPitch: problem.output.width * float),
      lines: copy.firstColumns.map { first in
        let taps = isDense ? problem.tapsInside(columns: first..<first + lanes) : 0..<1
        return Line(
          input: first * float + copy.offset(ofTap: taps.lowerBound, problem),
          output: first * float, taps: taps)
      },
      tapsAcross: isDense ? problem.kernel.width : 1,
      acrossPitch: isDense ? problem.dilation.width * float : 0, lanes: lanes, weightLanes: 1,
      filterSteps: FilterSteps(
        output: problem.kernel.area, input: 1, across: 1, along: problem.kernel.width),
      firstChannels: Array(0..<problem.outChannels), lastPlaneOverlaps: false,
      planes: (0..<problem.outChannels).map { channel in
        LinePlane(
          input: channel / multiplier * area.input, output: channel * area.output, weights: 0,
          bias: 0)
      },
      imagePitch: (problem.inChannels * area.input, problem.outChannels * area.output),
      channelOffsets: isDense
        ? [0] : (0..<problem.kernel.width).map { copy.offset(ofTap: $0, problem) },
      channelsPerVector: 1)
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
