// SPDX-License-Identifier: Apache-2.0

/// Sums that start from another tensor.
///
/// A part of a row is written to the output, bias included, right before its tiles start from what
/// the output holds: it is still in level 1 then. So the tiles need no case of their own.
enum DirectAddend {
  /// Writes the starts of `pixels` neighbouring pixels.
  @inline(never)
  static func start(
    _ work: UnsafePointer<DirectWork>, pixels: Int, _ bias: UnsafeRawPointer,
    from addend: UnsafeRawPointer, to output: UnsafeMutableRawPointer
  ) {
    let vectorBytes = MemoryLayout<Vector>.size
    let last = work.pointee.vectors &- 1
    var vector = 0
    while vector <= last {
      let value = load(bias + vector &* vectorBytes)
      let lanes = vector == last ? work.pointee.lanes : Vector.scalarCount
      var offset = vector &* work.pointee.outputVector
      var left = pixels
      while left > 0 {
        if lanes == Vector.scalarCount {
          store(value + load(addend + offset), output + offset)
        } else {
          store(value + load(addend + offset, lanes), output + offset, lanes)
        }
        offset &+= work.pointee.outputPixel
        left &-= 1
      }
      vector &+= 1
    }
  }
}
