// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// How a quantum of the input comes into the lanes of a vector.
protocol QuantumSource {
  /// Whether the quanta of a run lie side by side, so that several runs can be one.
  static var mergesRuns: Bool { get }
  /// Bytes from a pixel's quantum to its next one.
  var step: Int { get }
  init(_ work: UnsafePointer<NarrowWork>)
  /// The quantum at `pointer`.
  func quantum(_ pointer: UnsafeRawPointer) -> Vector
  /// Goes on to the next one.
  mutating func advance()
}

/// How a quantum of a copy comes into the lanes of a vector; what it says is known when tiles are compiled.
protocol CopiedSource {
  /// Bytes from a quantum to the next.
  static var bytes: Int { get }
  /// The quantum at `pointer`.
  static func loaded(_ pointer: UnsafeRawPointer) -> Vector
}

/// All lanes see the same channels.
struct Broadcast: QuantumSource, CopiedSource {
  @inline(__always) static var bytes: Int { 4 }
  @inline(__always) static var mergesRuns: Bool { true }
  @inline(__always) var step: Int { 4 }

  @inline(__always)
  init(_ work: UnsafePointer<NarrowWork>) {}

  @inline(__always)
  func quantum(_ pointer: UnsafeRawPointer) -> Vector { Self.loaded(pointer) }

  @inline(__always)
  static func loaded(_ pointer: UnsafeRawPointer) -> Vector {
    Vector(repeating: pointer.loadUnaligned(as: UInt32.self))
  }

  @inline(__always)
  mutating func advance() {}
}

#if NARROW_AVX512BF16
  /// Several groups share a vector, and what their lanes see was laid side by side.
  enum Laid: CopiedSource {
    @inline(__always) static var bytes: Int { Vector.bytes }

    @inline(__always)
    static func loaded(_ pointer: UnsafeRawPointer) -> Vector { Vector(at: pointer) }
  }

  /// Several groups share a vector: each of their lanes sees the channels of its own, out of 64 bytes from
  /// the first group's first channel on.
  struct Spread: QuantumSource {
    @inline(__always) static var mergesRuns: Bool { false }
    /// The quantum that each lane sees, and which one it sees next.
    private var index: Vector
    private let next: Vector
    let step: Int

    @inline(__always)
    init(_ work: UnsafePointer<NarrowWork>) {
      index = Vector(at: work.pointee.spread)
      next = Vector(repeating: work.pointee.nextQuantum)
      step = work.pointee.quantumStep
    }

    @inline(__always)
    func quantum(_ pointer: UnsafeRawPointer) -> Vector {
      Vector(cnarrow_spread(Vector(at: pointer).lanes, index.lanes))
    }

    @inline(__always)
    mutating func advance() { index = Vector(cnarrow_add_s32(index.lanes, next.lanes)) }
  }
#endif
