// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Where the input channels of a group lie between zeros: rows and columns of each remainder of the
/// stride apart, rows of all remainders equally far from each other.
///
/// Behind a row's columns come the zeros before those of the next one, which serve as its padding on
/// the right as well. An output reads at most those: a row is as long as that takes.
/// - Units: floats.
struct PlaneCopyLayout {
  /// From one row to the next, and so positions from an output to the one below it.
  let pitch: Int
  /// Remainders that columns may have.
  let remainders: Int
  /// From the columns of one remainder to those of the next.
  let remainderPitch: Int
  /// From one channel to the next: an odd number of cache lines, so that channels do not share few
  /// sets of a cache.
  let channelPitch: Int
  /// From the input under the first tap to that under each one.
  let taps: [Int]
  private let problem: ConvolutionProblem
  /// Remainders of the stride that rows under taps have.
  private let rowRemainders: [Int]
  /// Rows of a remainder beyond those of the band.
  private let rowsBelow: Int

  private static let lineFloats = 16

  /// The layout for bands of at most `bandRows` output rows of `problem`.
  init(_ problem: ConvolutionProblem, bandRows: Int) {
    self.problem = problem
    let columns = Self.offsets(problem, .width)
    let rows = Self.offsets(problem, .height)
    let step = problem.stride.width
    let end = problem.padding.left + problem.input.width
    let remainders = min(step, max((columns.last ?? 0) + 1, end))
    rowRemainders = Array(Set(rows.map { $0 % problem.stride.height })).sorted()
    rowsBelow = (rows.last ?? 0) / problem.stride.height
    let (pitch, read) = Self.columns(problem, taps: columns, remainders: remainders, end: end)
    let count = (bandRows + rowsBelow) * pitch + max(0, read - pitch)
    let lines = (count + Self.lineFloats - 1) / Self.lineFloats
    let remainderPitch = lines * Self.lineFloats
    (self.pitch, self.remainders, self.remainderPitch) = (pitch, remainders, remainderPitch)
    channelPitch = (rowRemainders.count * remainders * lines | 1) * Self.lineFloats
    var taps: [Int] = []
    for row in rows {
      let slot = rowRemainders.firstIndex(of: row % problem.stride.height) ?? 0
      let start = slot * remainders * remainderPitch + row / problem.stride.height * pitch
      taps += columns.map { start + $0 % step * remainderPitch + $0 / step }
    }
    self.taps = taps
  }

  /// From one row to the next, and how far the last output reads, of columns that end at `end`.
  private static func columns(
    _ problem: ConvolutionProblem, taps: [Int], remainders: Int, end: Int
  ) -> (pitch: Int, read: Int) {
    let (step, outputs) = (problem.stride.width, problem.output.width)
    var (pitch, read) = (outputs, 0)
    for remainder in 0..<remainders {
      // Columns of the image lie at first..<last.
      let first = ceilingOfQuotient(problem.padding.left - remainder, step)
      let last = ceilingOfQuotient(end - remainder, step)
      pitch = max(pitch, last)
      guard let tap = taps.last(where: { $0 % step == remainder }) else { continue }
      read = max(read, outputs + tap / step)
      if last > first { pitch = max(pitch, outputs + tap / step - first) }
    }
    return (pitch, read)
  }

  /// From the first tap along an axis to each one.
  private static func offsets(_ problem: ConvolutionProblem, _ axis: ImageAxis) -> [Int] {
    (0..<problem.kernel[axis]).map { $0 * problem.dilation[axis] }
  }

  /// Output rows of a band whose copies of `channels` channels take `room` floats at most; at least one.
  func bandRows(channels: Int, within room: Int) -> Int {
    let row = channels * rowRemainders.count * remainders * pitch
    return max(1, room / row - rowsBelow)
  }

  /// Floats of the copies of some channels, and what the last vector reads behind them.
  func count(channels: Int, lanes: Int) -> Int { channels * channelPitch + lanes }

  /// The rows that the band of output rows `outputs` copies; rows of zeros only where another band may
  /// have left something else.
  func rows(of outputs: Range<Int>) -> [PlaneRow] {
    let float = ElementType.f32.bytes
    let isOnly = outputs.count == problem.output.height
    var rows: [PlaneRow] = []
    for (slot, remainder) in rowRemainders.enumerated() {
      for place in 0..<outputs.count + rowsBelow {
        let row =
          (outputs.lowerBound + place) * problem.stride.height + remainder - problem.padding.top
        let isInside = row >= 0 && row < problem.input.height
        if isOnly && !isInside { continue }
        rows.append(
          PlaneRow(
            source: isInside ? row * problem.input.width * float : -1,
            target: (slot * remainders * remainderPitch + place * pitch) * float))
      }
    }
    return rows
  }
}
