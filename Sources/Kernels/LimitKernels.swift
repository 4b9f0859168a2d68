// SPDX-License-Identifier: Apache-2.0

import Convolution

/// Loops that do one thing only, as fast as this instruction set allows: the roofs of the roofline.
///
/// Every task of `run` is one pass over the worker's memory, or one block of FMAs.
enum LimitKernels {
  // Independent chains: 12 are enough for two pipes of latency 4 or 5, and fit 16 registers. Some
  // arm64 cores have four pipes, and an FMA there overwrites its addend: with another one for each
  // sum, it would have to be copied first.
  #if KERNELS_NEON
    private typealias Chains = InlineArray<24, Vector>

    @inline(__always)
    private static func step(_ sum: Vector, _ addend: Vector, _ factor: Vector) -> Vector {
      multiplyAdd(sum, addend, factor)
    }
  #else
    private typealias Chains = InlineArray<12, Vector>

    @inline(__always)
    private static func step(_ sum: Vector, _ addend: Vector, _ factor: Vector) -> Vector {
      multiplyAdd(addend, sum, factor)
    }
  #endif

  /// FMAs on registers alone, `LimitArguments.fusedPerTask` a task.
  static func peakFMA(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LimitArguments.self).pointee
    let memory = UnsafeMutableRawPointer(
      arguments.memory + worker * arguments.floatsPerWorker
    ).assumingMemoryBound(to: Vector.self)
    // From memory, so that nothing is known at compile time; 0·x + 0 stays finite for ever.
    let factor = memory[0]
    let addend = memory[1]
    var sums = Chains(repeating: memory[2])
    for _ in first..<end {
      for _ in 0..<LimitArguments.fusedPerTask / Chains.count {
        for chain in 0..<Chains.count {
          sums[unchecked: chain] = step(sums[unchecked: chain], addend, factor)
        }
      }
    }
    for chain in 1..<Chains.count { sums[unchecked: 0] += sums[unchecked: chain] }
    memory[2] = sums[unchecked: 0]
  }

  /// Reads all of the worker's memory.
  static func read(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LimitArguments.self).pointee
    let memory = UnsafeMutableRawPointer(
      arguments.memory + worker * arguments.floatsPerWorker
    ).assumingMemoryBound(to: Vector.self)
    let count = arguments.floatsPerWorker / Vector.scalarCount
    var sums = InlineArray<8, Vector>(repeating: Vector(repeating: 0))
    for _ in first..<end {
      var place = 0
      while place < count {
        for chain in 0..<8 { sums[unchecked: chain] += memory[place + chain] }
        place += 8
      }
    }
    for chain in 1..<8 { sums[unchecked: 0] += sums[unchecked: chain] }
    // All memory is zero, so this store changes nothing; it keeps the loads alive.
    memory[0] = sums[unchecked: 0]
  }

  /// Writes all of the worker's memory.
  static func write(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LimitArguments.self).pointee
    let memory = UnsafeMutableRawPointer(
      arguments.memory + worker * arguments.floatsPerWorker
    ).assumingMemoryBound(to: Vector.self)
    let count = arguments.floatsPerWorker / Vector.scalarCount
    for _ in first..<end {
      // A value that the compiler cannot turn into a call of memset.
      let value = memory[count - 1]
      var place = 0
      while place < count {
        for offset in 0..<8 { memory[place + offset] = value }
        place += 8
      }
    }
  }

  /// `a = b + s·c` over thirds of the worker's memory.
  static func triad(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LimitArguments.self).pointee
    let memory = UnsafeMutableRawPointer(
      arguments.memory + worker * arguments.floatsPerWorker
    ).assumingMemoryBound(to: Vector.self)
    let count = arguments.floatsPerWorker / Vector.scalarCount / 3
    let scale = memory[0]
    for _ in first..<end {
      var place = 0
      while place < count {
        for offset in 0..<4 {
          let index = place + offset
          memory[index] = multiplyAdd(memory[count + index], scale, memory[2 * count + index])
        }
        place += 4
      }
    }
  }
}
