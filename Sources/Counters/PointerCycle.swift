// SPDX-License-Identifier: Apache-2.0

/// Pointers in memory that lead through all their places in random order and back to the first.
final class PointerCycle {
  private let memory: UnsafeMutableRawPointer

  /// A cycle through `count` places, `stride` bytes apart.
  init(count: Int, stride: Int) {
    memory = .allocate(byteCount: count * stride, alignment: 4096)
    var order = Array(0..<count)
    var random = XorShift(seed: 1)
    order.shuffle(using: &random)
    for (place, next) in zip(order, order.dropFirst() + order.prefix(1)) {
      memory.storeBytes(
        of: UnsafeRawPointer(memory + next * stride), toByteOffset: place * stride,
        as: UnsafeRawPointer.self)
    }
  }

  deinit { memory.deallocate() }

  /// Where to begin.
  var start: UnsafeRawPointer { UnsafeRawPointer(memory) }
}
