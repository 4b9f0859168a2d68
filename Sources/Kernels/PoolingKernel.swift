// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The largest or mean element of a window, channels in the lanes of a vector.
enum PoolingKernel {
  private typealias Arguments = UnsafePointer<PoolingArguments>

  /// Executes tasks, each one output row of one plane; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: PoolingArguments.self)
    var task = first
    while task < end {
      let plane = task / arguments.pointee.outputHeight
      let row = task &- plane &* arguments.pointee.outputHeight
      let input = arguments.pointee.input + plane &* arguments.pointee.inputPlane
      let output =
        arguments.pointee.output
        + (plane &* arguments.pointee.outputPlane &+ row &* arguments.pointee.outputRow)
      let top = row &* arguments.pointee.strideHeight &- arguments.pointee.padTop
      let rows = inside(
        top, step: arguments.pointee.dilationHeight, taps: arguments.pointee.tapRows,
        size: arguments.pointee.height)
      var column = 0
      while column < arguments.pointee.outputWidth {
        let left = column &* arguments.pointee.strideWidth &- arguments.pointee.padLeft
        let columns = inside(
          left, step: arguments.pointee.dilationWidth, taps: arguments.pointee.tapColumns,
          size: arguments.pointee.width)
        let first =
          input
          + ((top &+ rows.first &* arguments.pointee.dilationHeight) &* arguments.pointee.inputRow
            &+ (left &+ columns.first &* arguments.pointee.dilationWidth)
              &* arguments.pointee.inputPixel)
        pixel(
          arguments, first, rows: rows.count, columns: columns.count,
          output + column &* arguments.pointee.outputPixel)
        column &+= 1
      }
      task &+= 1
    }
  }

  /// The taps that fall inside an axis.
  @inline(__always)
  private static func inside(
    _ start: Int, step: Int, taps: Int, size: Int
  ) -> (first: Int, count: Int) {
    let first = start >= 0 ? 0 : (step &- 1 &- start) / step
    let end = size <= start ? 0 : (size &- start &- 1) / step &+ 1
    let count = (end < taps ? end : taps) &- first
    return (first, count > 0 ? count : 0)
  }

  @inline(__always)
  private static func pixel(
    _ arguments: Arguments, _ input: UnsafePointer<Float>, rows: Int, columns: Int,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let lanes = Vector.scalarCount
    let length = arguments.pointee.length
    var place = 0
    while place < length {
      let left = length &- place
      let count = left < lanes ? left : lanes
      let value =
        arguments.pointee.takesMean
        ? mean(arguments, input + place, rows, columns, count)
        : largest(arguments, input + place, rows, columns, count)
      if count == lanes {
        store(value, output + place)
      } else {
        store(value, output + place, count)
      }
      place &+= lanes
    }
  }

  @inline(__always)
  private static func mean(
    _ arguments: Arguments, _ input: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
    _ count: Int
  ) -> Vector {
    var sum = Vector()
    window(arguments, input, rows, columns, count) { sum += $0 }
    return sum / Vector(repeating: Float(rows &* columns))
  }

  @inline(__always)
  private static func largest(
    _ arguments: Arguments, _ input: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
    _ count: Int
  ) -> Vector {
    var most = Vector(repeating: -.infinity)
    var isNaN = most .!= most
    window(arguments, input, rows, columns, count) { value in
      // One instruction, and nothing else waits for it: with NaN in the same chain a tap took ten cycles.
      most = value.replacing(with: most, where: most .> value)
      isNaN .|= value .!= value
    }
    return most.replacing(with: Vector(repeating: .nan), where: isNaN)
  }

  @inline(__always)
  private static func window(
    _ arguments: Arguments, _ input: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
    _ count: Int, _ visit: (Vector) -> Void
  ) {
    let rowStep = arguments.pointee.dilationHeight &* arguments.pointee.inputRow
    let columnStep = arguments.pointee.dilationWidth &* arguments.pointee.inputPixel
    var row = 0
    while row < rows {
      var column = 0
      while column < columns {
        let place = input + (row &* rowStep &+ column &* columnStep)
        visit(count == Vector.scalarCount ? load(place) : load(place, count))
        column &+= 1
      }
      row &+= 1
    }
  }
}
