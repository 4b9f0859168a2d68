// SPDX-License-Identifier: Apache-2.0

/// Sums of vectors at equal distances.
enum VectorSum {
  /// The sum of `pixels` vectors that lie `step` bytes apart; four sums hide the latency of an
  /// addition.
  @inline(__always)
  static func total(_ source: UnsafeRawPointer, _ pixels: Int, step: Int) -> Vector {
    var sums = InlineArray<4, Vector>(repeating: Vector())
    var source = source
    var left = pixels
    while left >= 4 {
      for part in 0..<4 { sums[unchecked: part] += load(source + part &* step) }
      source += 4 &* step
      left &-= 4
    }
    while left > 0 {
      sums[unchecked: 0] += load(source)
      source += step
      left &-= 1
    }
    return (sums[unchecked: 0] + sums[unchecked: 1]) + (sums[unchecked: 2] + sums[unchecked: 3])
  }

  /// The same of the first `lanes` lanes.
  @inline(__always)
  static func total(_ source: UnsafeRawPointer, _ pixels: Int, step: Int, _ lanes: Int) -> Vector {
    var sum = Vector()
    var offset = 0
    var left = pixels
    while left > 0 {
      sum += load(source + offset, lanes)
      offset &+= step
      left &-= 1
    }
    return sum
  }
}
