// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

/// A loop of products alone, as fast as this instruction set allows: a roof of the roofline.
enum PeakKernel<A: Arithmetic> {
  // Independent chains; one instruction that does it all has the longer latency, and 32 registers.
  #if NARROW_AVX512BF16
    private typealias Chains = InlineArray<24, Vector>
    @inline(__always) private static var chains: Int { 24 }
  #else
    private typealias Chains = InlineArray<12, Vector>
    @inline(__always) private static var chains: Int { 12 }
  #endif

  /// Products of `LimitArguments.fusedPerTask` vectors of quanta a task.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: LimitArguments.self).pointee
    let memory = UnsafeMutableRawPointer(
      arguments.memory + worker * arguments.floatsPerWorker)
    // From memory, so that nothing is known at compile time; 0·x + 0 stays finite for ever.
    let (input, weights) = (Vector(at: memory), Vector(at: memory + Vector.bytes))
    var sums = Chains(repeating: Vector(at: memory + 2 &* Vector.bytes))
    var task = first
    while task < end {
      var left = LimitArguments.fusedPerTask / chains
      while left > 0 {
        for chain in 0..<chains {
          for _ in 0..<A.passes {
            // Products that are added afterwards would otherwise all be one, or all be waiting.
            let input = A.passes > 1 ? Vector(cnarrow_other(input.lanes)) : input
            let sum = A.add(sums[unchecked: chain], input, weights)
            sums[unchecked: chain] = A.passes > 1 ? Vector(cnarrow_other(sum.lanes)) : sum
          }
        }
        left &-= 1
      }
      task &+= 1
    }
    for chain in 1..<chains {
      sums[unchecked: 0] = A.join(sums[unchecked: 0], sums[unchecked: chain])
    }
    sums[unchecked: 0].store(memory + 2 &* Vector.bytes)
  }
}
