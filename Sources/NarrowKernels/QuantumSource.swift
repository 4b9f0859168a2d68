// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// How a quantum of the input comes into the lanes of a vector.
protocol QuantumSource {
  /// Bytes from a pixel's quantum to its next one.
  var step: Int { get }
  init(_ work: UnsafePointer<NarrowWork>)
  /// The quantum at `pointer`.
  func quantum(_ pointer: UnsafeRawPointer) -> Vector
  /// Goes on to the next one.
  mutating func advance()
}

/// All lanes see the same channels.
struct Broadcast: QuantumSource {
  @inline(__always) var step: Int { 4 }

  @inline(__always)
  init(_ work: UnsafePointer<NarrowWork>) {}

  @inline(__always)
  func quantum(_ pointer: UnsafeRawPointer) -> Vector {
    Vector(repeating: pointer.loadUnaligned(as: UInt32.self))
  }

  @inline(__always)
  mutating func advance() {}
}

#if NARROW_AVX512BF16
  /// Several groups share a vector: each of their lanes sees the channels of its own, out of 64 bytes from
  /// the first group's first channel on.
  struct Spread: QuantumSource {
    /// The quantum that each lane sees, and how it goes on to the next one, behind the last of a run to the first.
    private var index: Vector
    private let next: Vector, inRun: Vector, first: Vector
    let step: Int

    @inline(__always)
    init(_ work: UnsafePointer<NarrowWork>) {
      index = Vector(at: work.pointee.spread)
      next = Vector(repeating: work.pointee.nextQuantum)
      inRun = Vector(repeating: work.pointee.quantumMask)
      first = Vector(cnarrow_outside(index.lanes, inRun.lanes))
      step = work.pointee.quantumStep
    }

    @inline(__always)
    func quantum(_ pointer: UnsafeRawPointer) -> Vector {
      Vector(cnarrow_spread(Vector(at: pointer).lanes, index.lanes))
    }

    @inline(__always)
    mutating func advance() {
      let sum = cnarrow_add_s32(index.lanes, next.lanes)
      index = Vector(cnarrow_inside(sum, inRun.lanes, first.lanes))
    }
  }
#endif
