// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Copies a channel's rows between zeros, the columns of each remainder of the stride apart.
enum PlaneCopy {
  /// Copies the rows at `source` to `target`, whose zeros are already there.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<PaddedLineArguments>, _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    let columns = arguments.pointee.columns
    let first = place(of: 0, arguments)
    let second = place(of: 1, arguments)
    var row = source
    var target = target
    var left = arguments.pointee.rows
    while left > 0 {
      switch arguments.pointee.stride {
      case 1: neighbours(row, target + first, columns)
      case 2: halves(row, target + first, target + second, columns)
      default: strided(arguments, row, target)
      }
      row += 4 &* columns
      target += arguments.pointee.rowPitch
      left &-= 1
    }
  }

  /// Where a column of the image stands in a row of the copy.
  @inline(__always)
  private static func place(
    of column: Int, _ arguments: UnsafePointer<PaddedLineArguments>
  ) -> Int {
    let padded = column &+ arguments.pointee.padding
    return padded % arguments.pointee.stride &* arguments.pointee.remainderPitch
      &+ 4 &* (padded / arguments.pointee.stride)
  }

  @inline(__always)
  private static func neighbours(
    _ row: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ columns: Int
  ) {
    var column = 0
    while column &+ Vector.scalarCount <= columns {
      store(load(row + 4 &* column), target + 4 &* column)
      column &+= Vector.scalarCount
    }
    while column < columns {
      (target + 4 &* column).storeBytes(
        of: (row + 4 &* column).load(as: Float.self), as: Float.self)
      column &+= 1
    }
  }

  /// Columns 0, 2, 4, … to `even` and the others to `odd`.
  @inline(__always)
  private static func halves(
    _ row: UnsafeRawPointer, _ even: UnsafeMutableRawPointer, _ odd: UnsafeMutableRawPointer,
    _ columns: Int
  ) {
    var column = 0
    while column &+ 2 &* Vector.scalarCount <= columns {
      let first = load(row + 4 &* column)
      let second = load(row + (4 &* column &+ MemoryLayout<Vector>.size))
      store(evenLanes(first, second), even + 2 &* column)
      store(oddLanes(first, second), odd + 2 &* column)
      column &+= 2 &* Vector.scalarCount
    }
    while column < columns {
      let target = column & 1 == 0 ? even : odd
      (target + (column &>> 1) &* 4).storeBytes(
        of: (row + 4 &* column).load(as: Float.self), as: Float.self)
      column &+= 1
    }
  }

  /// Any stride, float by float.
  @inline(__always)
  private static func strided(
    _ arguments: UnsafePointer<PaddedLineArguments>, _ row: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    var column = 0
    while column < arguments.pointee.columns {
      (target + place(of: column, arguments)).storeBytes(
        of: (row + 4 &* column).load(as: Float.self), as: Float.self)
      column &+= 1
    }
  }
}
