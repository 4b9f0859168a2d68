// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension Im2colArguments {
  /// Writes, for each input channel of a group and each tap, the input values under that tap at
  /// `pixels`: im2col.
  /// - Shapes: `plane` `[Ci/G][H][W]`, `target` `[Ci/G·Kh·Kw][pixels]`.
  func unfold(
    _ plane: UnsafePointer<Float>, _ pixels: Range<Int>, into target: AlignedBuffer.Address
  ) {
    var target = target
    // Where a row of output is as long as one of input, a tap is a constant shift of the plane.
    let isShift =
      problem.stride.height == 1 && problem.stride.width == 1
      && problem.output.width == problem.input.width
    for channel in 0..<problem.inChannelsPerGroup {
      let plane = plane + channel * problem.input.area
      for tapRow in 0..<problem.kernel.height {
        let rowOffset = tapRow * problem.dilation.height - problem.padding.top
        for tapColumn in 0..<problem.kernel.width {
          let columnOffset = tapColumn * problem.dilation.width - problem.padding.left
          if isShift {
            shift(plane, pixels, rowOffset, columnOffset, into: target)
          } else {
            gather(plane, pixels, rowOffset, columnOffset, into: target)
          }
          target += pixels.count
        }
      }
    }
  }

  /// The values under one tap as one copy, after which the columns that wrapped into the
  /// neighbouring row are zeroed.
  private func shift(
    _ plane: UnsafePointer<Float>, _ pixels: Range<Int>, _ rowOffset: Int, _ columnOffset: Int,
    into target: AlignedBuffer.Address
  ) {
    let width = problem.input.width
    let offset = rowOffset * width + columnOffset
    let first = min(max(pixels.lowerBound, -offset), pixels.upperBound)
    let end = max(first, min(pixels.upperBound, problem.input.area - offset))
    target.update(repeating: 0, count: first - pixels.lowerBound)
    (target + (first - pixels.lowerBound)).update(
      from: plane + (first + offset), count: end - first)
    (target + (end - pixels.lowerBound)).update(repeating: 0, count: pixels.upperBound - end)
    guard columnOffset != 0 else { return }
    let outside =
      columnOffset < 0
      ? 0..<min(-columnOffset, width) : max(0, width - columnOffset)..<width
    for rowStart in stride(
      from: pixels.lowerBound / width * width, to: pixels.upperBound, by: width)
    {
      let lower = max(rowStart + outside.lowerBound, pixels.lowerBound)
      let upper = min(rowStart + outside.upperBound, pixels.upperBound)
      guard lower < upper else { continue }
      (target + (lower - pixels.lowerBound)).update(repeating: 0, count: upper - lower)
    }
  }

  /// The values under one tap, row by row: zeros, input, zeros.
  private func gather(
    _ plane: UnsafePointer<Float>, _ pixels: Range<Int>, _ rowOffset: Int, _ columnOffset: Int,
    into target: AlignedBuffer.Address
  ) {
    let step = problem.stride.width
    // Column x of the output is inside where 0 ≤ x·step + columnOffset < W.
    let firstInside = columnOffset >= 0 ? 0 : (step - 1 - columnOffset) / step
    let endInside = (problem.input.width - columnOffset + step - 1) / step
    var target = target
    var pixel = pixels.lowerBound
    while pixel < pixels.upperBound {
      let (row, first) = pixel.quotientAndRemainder(dividingBy: problem.output.width)
      let end = min(problem.output.width, pixels.upperBound - pixel + first)
      let y = row * problem.stride.height + rowOffset
      let isInside = y >= 0 && y < problem.input.height
      let insideFrom = isInside ? max(first, min(firstInside, end)) : end
      let insideTo = isInside ? max(insideFrom, min(endInside, end)) : end
      target.update(repeating: 0, count: insideFrom - first)
      var column = insideFrom
      while column < insideTo {
        target[column - first] = plane[y * problem.input.width + columnOffset + column * step]
        column += 1
      }
      (target + (insideTo - first)).update(repeating: 0, count: end - insideTo)
      target += end - first
      pixel += end - first
    }
  }
}
