// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// A vector from memory of any alignment.
@inline(__always)
func load(_ pointer: UnsafeRawPointer) -> Vector {
  pointer.loadUnaligned(as: Vector.self)
}

/// The first `count` lanes from memory, the others zero.
@inline(__always)
func load(_ pointer: UnsafeRawPointer, _ count: Int) -> Vector {
  #if KERNELS_AVX512
    cvector_load_first16(pointer, count)
  #elseif KERNELS_AVX2
    cvector_load_first8(pointer, count)
  #else
    cvector_load_first4(pointer, count)
  #endif
}

/// One float from memory in all lanes.
@inline(__always)
func broadcast(_ pointer: UnsafeRawPointer) -> Vector {
  #if KERNELS_NEON
    cvector_broadcast4(pointer)
  #else
    Vector(repeating: pointer.load(as: Float.self))
  #endif
}

/// Writes a vector to memory of any alignment.
@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutableRawPointer) {
  pointer.storeBytes(of: vector, as: Vector.self)
}

/// Writes the first `count` lanes.
///
/// A branch per lane kept LLVM from taking a tile's sums out of memory: above a hundred accesses in
/// the loop it gave up, and 13×2 and 14×2 read and wrote each sum for each product.
@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutableRawPointer, _ count: Int) {
  #if KERNELS_AVX512
    cvector_store_first16(vector, pointer, count)
  #elseif KERNELS_AVX2
    cvector_store_first8(vector, pointer, count)
  #else
    cvector_store_first4(vector, pointer, count)
  #endif
}

/// The larger of each lane and zero; NaN stays NaN.
@inline(__always)
func rectified(_ vector: Vector) -> Vector {
  vector.replacing(with: Vector(), where: vector .< Vector())
}
