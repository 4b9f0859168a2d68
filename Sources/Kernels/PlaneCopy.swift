// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Copies rows of a channel between zeros, the columns of each remainder of the stride apart.
enum PlaneCopy {
  /// Copies the rows at `source` to `target`, whose zeros are already there.
  @inline(never)
  static func run(
    _ arguments: UnsafePointer<PaddedLineArguments>, _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    let copy = arguments.pointee.row
    var row = source
    var target = target
    var left = arguments.pointee.rows
    while left > 0 {
      self.row(copy, row, target)
      row += 4 &* copy.columns
      target += arguments.pointee.rowPitch
      left &-= 1
    }
  }

  /// Copies one row.
  @inline(__always)
  static func row(_ copy: RowCopy, _ row: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) {
    switch copy.stride {
    case 1: neighbours(row, target + place(of: 0, copy), copy.columns)
    case 2: halves(row, target + place(of: 0, copy), target + place(of: 1, copy), copy.columns)
    default: strided(copy, row, target)
    }
  }

  /// Where a column of the image stands in a row of the copy.
  @inline(__always)
  private static func place(of column: Int, _ copy: RowCopy) -> Int {
    let padded = column &+ copy.padding
    // Divisions by variables take longer than short rows.
    if copy.stride == 1 { return 4 &* padded }
    if copy.stride == 2 { return (padded & 1) &* copy.remainderPitch &+ (padded >> 1) &* 4 }
    return padded % copy.stride &* copy.remainderPitch &+ 4 &* (padded / copy.stride)
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
    let left = columns &- column
    if left > 0 { store(load(row + 4 &* column, left), target + 4 &* column, left) }
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
    let left = columns &- column
    guard left > 0 else { return }
    let first = load(row + 4 &* column, left < Vector.scalarCount ? left : Vector.scalarCount)
    var second = first
    if left > Vector.scalarCount {
      second = load(
        row + (4 &* column &+ MemoryLayout<Vector>.size), left &- Vector.scalarCount)
    }
    store(evenLanes(first, second), even + 2 &* column, (left &+ 1) >> 1)
    store(oddLanes(first, second), odd + 2 &* column, left >> 1)
  }

  /// Any stride, float by float.
  @inline(__always)
  private static func strided(
    _ copy: RowCopy, _ row: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
  ) {
    var column = 0
    while column < copy.columns {
      (target + place(of: column, copy)).storeBytes(
        of: (row + 4 &* column).load(as: Float.self), as: Float.self)
      column &+= 1
    }
  }
}
