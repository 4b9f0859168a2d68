// SPDX-License-Identifier: Apache-2.0

/// A vector from memory of any alignment.
@inline(__always)
func load(_ pointer: UnsafeRawPointer) -> Vector {
  pointer.loadUnaligned(as: Vector.self)
}

/// The first `count` lanes from memory, the others zero.
@inline(__always)
func load(_ pointer: UnsafeRawPointer, _ count: Int) -> Vector {
  var vector = Vector()
  for lane in 0..<Vector.scalarCount where lane < count {
    vector[lane] = (pointer + 4 &* lane).load(as: Float.self)
  }
  return vector
}

/// Writes a vector to memory of any alignment.
@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutableRawPointer) {
  pointer.storeBytes(of: vector, as: Vector.self)
}

/// Writes the first `count` lanes.
@inline(__always)
func store(_ vector: Vector, _ pointer: UnsafeMutableRawPointer, _ count: Int) {
  for lane in 0..<Vector.scalarCount where lane < count {
    (pointer + 4 &* lane).storeBytes(of: vector[lane], as: Float.self)
  }
}

/// The larger of each lane and zero; NaN stays NaN.
@inline(__always)
func rectified(_ vector: Vector) -> Vector {
  vector.replacing(with: Vector(), where: vector .< Vector())
}
