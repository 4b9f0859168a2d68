// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// The matrix product of Winograd convolutions: `rows` tiles × two vectors of output channels in
/// registers, over any number of input channels.
struct WinogradProduct<let rows: Int> {
  typealias Sums = InlineArray<rows, InlineArray<2, Vector>>

  @inline(__always) static var vectorBytes: Int { MemoryLayout<Vector>.size }
  /// Channels per pass of the innermost loop.
  @inline(__always) static var unrolled: Int { 4 }

  /// Adds the products of `work.channels` channels to `products`, or overwrites it.
  @inline(never)
  static func run(
    _ work: WinogradProductWork, _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer,
    _ products: UnsafeMutableRawPointer
  ) {
    var sums = Sums(repeating: InlineArray(repeating: Vector()))
    var input = input
    var filter = filter
    var ahead = work.ahead
    var left = work.channels
    while left >= unrolled {
      for channel in 0..<unrolled {
        add(
          work.inputStep, input + 4 &* channel, filter + 2 &* channel &* vectorBytes, &sums)
      }
      cvector_prefetch(ahead)
      cvector_prefetch(ahead + 64)
      ahead += work.aheadStep
      input += 4 &* unrolled
      filter += 2 &* unrolled &* vectorBytes
      left &-= unrolled
    }
    if left > 0 {
      repeat {
        add(work.inputStep, input, filter, &sums)
        input += 4
        filter += 2 &* vectorBytes
        left &-= 1
      } while left > 0
    }
    finish(work, sums, products)
  }

  /// Writes the sums.
  @inline(__always)
  private static func finish(
    _ work: WinogradProductWork, _ sums: Sums, _ products: UnsafeMutableRawPointer
  ) {
    for row in 0..<rows {
      for vector in 0..<2 {
        let place = products + row &* work.productStep + vector &* vectorBytes
        var sum = sums[unchecked: row][unchecked: vector]
        if !work.overwrites { sum += load(place) }
        store(sum, place)
      }
    }
  }

  /// Adds the products of one channel.
  @inline(__always)
  private static func add(
    _ step: Int, _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ sums: inout Sums
  ) {
    let first = load(filter)
    let second = load(filter + vectorBytes)
    for row in 0..<rows {
      let value = broadcast(input + row &* step)
      sums[unchecked: row][unchecked: 0] = multiplyAdd(
        sums[unchecked: row][unchecked: 0], value, first)
      sums[unchecked: row][unchecked: 1] = multiplyAdd(
        sums[unchecked: row][unchecked: 1], value, second)
    }
  }
}
