// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Two tensors combined element by element; the loop is compiled once for each combination.
enum CombinationKernel {
  private typealias Arguments = UnsafePointer<CombinationArguments>

  /// Executes tasks, each one row of one plane; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: CombinationArguments.self)
    switch arguments.pointee.combination {
    case .add: rows(arguments, first, end) { $0 + $1 }
    case .subtract: rows(arguments, first, end) { $0 - $1 }
    case .multiply: rows(arguments, first, end) { $0 * $1 }
    case .divide: rows(arguments, first, end) { $0 / $1 }
    case .largest: rows(arguments, first, end) { larger($0, $1) }
    case .smallest:
      rows(arguments, first, end) { Vector() - larger(Vector() - $0, Vector() - $1) }
    case .parametricReLU:
      rows(arguments, first, end) { $0.replacing(with: $0 * $1, where: $0 .< Vector()) }
    }
  }

  /// The larger of each lane; NaN where either is.
  @inline(__always)
  private static func larger(_ left: Vector, _ right: Vector) -> Vector {
    let isKept = (left .>= right) .| (left .!= left)
    return right.replacing(with: left, where: isKept)
  }

  @inline(__always)
  private static func rows(
    _ arguments: Arguments, _ first: Int, _ end: Int, _ combine: (Vector, Vector) -> Vector
  ) {
    let isLeftOne = arguments.pointee.leftSteps.isOneChannel
    let isRightOne = arguments.pointee.rightSteps.isOneChannel
    if isLeftOne {
      rows(arguments, first, end, leftIsOne: true, rightIsOne: isRightOne, combine)
    } else if isRightOne {
      rows(arguments, first, end, leftIsOne: false, rightIsOne: true, combine)
    } else {
      rows(arguments, first, end, leftIsOne: false, rightIsOne: false, combine)
    }
  }

  @inline(__always)
  private static func rows(
    _ arguments: Arguments, _ first: Int, _ end: Int, leftIsOne: Bool, rightIsOne: Bool,
    _ combine: (Vector, Vector) -> Vector
  ) {
    RowLoop(arguments.pointee.tasks).run(first, end) { image, plane, row, valid in
      var left = arguments.pointee.left + arguments.pointee.leftSteps.offset(image, plane, row)
      var right = arguments.pointee.right + arguments.pointee.rightSteps.offset(image, plane, row)
      var output =
        arguments.pointee.output + arguments.pointee.outputSteps.offset(image, plane, row)
      let length = arguments.pointee.tasks.length
      var pixel = 0
      while pixel < arguments.pointee.tasks.pixels {
        RowLoop.channels(length, valid, output) { place, count in
          combine(
            operand(left, place, count, isOne: leftIsOne),
            operand(right, place, count, isOne: rightIsOne))
        }
        left += arguments.pointee.leftSteps.pixel
        right += arguments.pointee.rightSteps.pixel
        output += arguments.pointee.outputSteps.pixel
        pixel &+= 1
      }
    }
  }

  @inline(__always)
  private static func operand(
    _ pixel: UnsafePointer<Float>, _ place: Int, _ count: Int, isOne: Bool
  ) -> Vector {
    if isOne { return broadcast(pixel) }
    return count == Vector.scalarCount ? load(pixel + place) : load(pixel + place, count)
  }
}
