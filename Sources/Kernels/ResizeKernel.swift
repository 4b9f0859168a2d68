// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// An image of another size, each pixel between two rows and two columns.
enum ResizeKernel {
  /// Executes tasks, each one output row of one plane; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: ResizeArguments.self)
    RowLoop(arguments.pointee.tasks).run(first, end) { image, plane, row, valid in
      let tap = arguments.pointee.rows[row]
      let steps = arguments.pointee.inputSteps
      let upper = arguments.pointee.input + steps.offset(image, plane, tap.first)
      let lower = arguments.pointee.input + steps.offset(image, plane, tap.second)
      let down = Vector(repeating: tap.weight)
      var output =
        arguments.pointee.output + arguments.pointee.outputSteps.offset(image, plane, row)
      var pixel = 0
      while pixel < arguments.pointee.tasks.pixels {
        let column = arguments.pointee.columns[pixel]
        let (left, right) = (column.first &* steps.pixel, column.second &* steps.pixel)
        let across = Vector(repeating: column.weight)
        RowLoop.channels(arguments.pointee.tasks.length, valid, output) { place, count in
          let top = between(upper + left, upper + right, place, count, across)
          let bottom = between(lower + left, lower + right, place, count, across)
          return mixed(top, bottom, down)
        }
        output += arguments.pointee.outputSteps.pixel
        pixel &+= 1
      }
    }
  }

  @inline(__always)
  private static func between(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ place: Int, _ count: Int,
    _ weight: Vector
  ) -> Vector {
    count == Vector.scalarCount
      ? mixed(load(left + place), load(right + place), weight)
      : mixed(load(left + place, count), load(right + place, count), weight)
  }

  /// `(1 − weight) · first + weight · second`.
  @inline(__always)
  private static func mixed(_ first: Vector, _ second: Vector, _ weight: Vector) -> Vector {
    multiplyAdd((Vector(repeating: 1) - weight) * first, second, weight)
  }
}
