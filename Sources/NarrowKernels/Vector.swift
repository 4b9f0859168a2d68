// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

#if NARROW_AVX512BF16
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.avx512bf16
#elseif NARROW_AVX2
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.avx2
#elseif NARROW_NEON
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.neon
#else
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.baseline
#endif

/// One register of sums or quanta.
///
/// A type of the module's own: what the compiler makes of generics of the standard library for it has a
/// name that no other module has, though two modules have vectors of equal width.
struct Vector {
  var lanes: cnarrow_vector

  @inline(__always) static var count: Int { cnarrow_vector.scalarCount }
  @inline(__always) static var bytes: Int { MemoryLayout<cnarrow_vector>.size }

  @inline(__always)
  init() { lanes = cnarrow_vector() }

  @inline(__always)
  init(_ lanes: cnarrow_vector) { self.lanes = lanes }

  /// A vector from memory of any alignment.
  @inline(__always)
  init(at pointer: UnsafeRawPointer) {
    lanes = pointer.loadUnaligned(as: cnarrow_vector.self)
  }

  /// Four bytes in all lanes.
  @inline(__always)
  init(repeating bits: UInt32) { lanes = cnarrow_vector(repeating: Float(bitPattern: bits)) }

  /// Writes its first lanes.
  @inline(__always)
  func store(_ pointer: UnsafeMutableRawPointer, count: Int) {
    if count == Self.count {
      store(pointer)
    } else {
      cnarrow_store_first_lanes(lanes, pointer, count)
    }
  }

  /// Writes it to memory of any alignment.
  @inline(__always)
  func store(_ pointer: UnsafeMutableRawPointer) {
    pointer.storeBytes(of: lanes, as: cnarrow_vector.self)
  }
}
