// SPDX-License-Identifier: Apache-2.0

/// Sums of each output channel over the pixels of a row.
///
/// A few tiles are read again right after they were written: they are still in level 1 then. So the
/// tiles need no case of their own, and nobody reads the map for its means.
enum DirectSums {
  /// Adds `pixels` neighbouring pixels to `sums`, or starts them.
  @inline(never)
  static func add(
    _ work: UnsafePointer<DirectWork>, pixels: Int, isFirst: Bool, from output: UnsafeRawPointer,
    to sums: UnsafeMutableRawPointer, vectorStep: Int
  ) {
    let last = work.pointee.vectors &- 1
    var vector = 0
    while vector <= last {
      let source = output + vector &* work.pointee.outputVector
      let target = sums + vector &* vectorStep
      let lanes = vector == last ? work.pointee.lanes : Vector.scalarCount
      if lanes == Vector.scalarCount {
        let sum = VectorSum.total(source, pixels, step: work.pointee.outputPixel)
        store(isFirst ? sum : load(target) + sum, target)
      } else {
        let sum = VectorSum.total(source, pixels, step: work.pointee.outputPixel, lanes)
        store(isFirst ? sum : load(target, lanes) + sum, target, lanes)
      }
      vector &+= 1
    }
  }
}
