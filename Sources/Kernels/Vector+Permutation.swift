// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// `channel` of each lane's group, of groups of `inputs` input and `outputs` output channels, as
/// `LineSource.inputChannel(_:ofLane:)` counts.
/// - Requires: constants, for which a permutation exists here.
@inline(__always)
func permuted(_ vector: Vector, inputs: Int, outputs: Int, channel: Int) -> Vector {
  #if KERNELS_AVX512
    switch (inputs, outputs) {
    case (1, 2): cvector_permute16_1_2(vector, channel)
    case (2, 2): cvector_permute16_2_2(vector, channel)
    case (1, 4): cvector_permute16_1_4(vector, channel)
    case (2, 4): cvector_permute16_2_4(vector, channel)
    case (4, 4): cvector_permute16_4_4(vector, channel)
    case (1, 8): cvector_permute16_1_8(vector, channel)
    case (2, 8): cvector_permute16_2_8(vector, channel)
    case (4, 8): cvector_permute16_4_8(vector, channel)
    case (8, 8): cvector_permute16_8_8(vector, channel)
    default: vector
    }
  #elseif KERNELS_AVX2
    switch (inputs, outputs) {
    case (1, 2): cvector_permute8_1_2(vector, channel)
    case (2, 2): cvector_permute8_2_2(vector, channel)
    case (1, 4): cvector_permute8_1_4(vector, channel)
    case (2, 4): cvector_permute8_2_4(vector, channel)
    case (4, 4): cvector_permute8_4_4(vector, channel)
    default: vector
    }
  #else
    switch (inputs, outputs) {
    case (1, 2): cvector_permute4_1_2(vector, channel)
    case (2, 2): cvector_permute4_2_2(vector, channel)
    default: vector
    }
  #endif
}

/// Lanes 0, 2, 4, … of two vectors that follow each other.
@inline(__always)
func evenLanes(_ first: Vector, _ second: Vector) -> Vector {
  #if KERNELS_AVX512
    cvector_even16(first, second)
  #elseif KERNELS_AVX2
    cvector_even8(first, second)
  #else
    cvector_even4(first, second)
  #endif
}

/// Lanes 1, 3, 5, … of two vectors that follow each other.
@inline(__always)
func oddLanes(_ first: Vector, _ second: Vector) -> Vector {
  #if KERNELS_AVX512
    cvector_odd16(first, second)
  #elseif KERNELS_AVX2
    cvector_odd8(first, second)
  #else
    cvector_odd4(first, second)
  #endif
}

/// Writes the lanes of `vector` whose numbers lie at `lanes` to memory: the first `count` of them, of
/// which only `valid` matter, so that a whole vector may be written at once.
///
/// Without a permutation by a vector of numbers they go through `spare`, memory of the worker's own.
@inline(__always)
func storeChosen(
  _ vector: Vector, _ pointer: UnsafeMutableRawPointer, lanes: UnsafeRawPointer, count: Int,
  valid: Int, spare: UnsafeMutableRawPointer
) {
  #if KERNELS_AVX512 || KERNELS_AVX2
    #if KERNELS_AVX512
      let chosen = cvector_chosen16(vector, lanes)
    #else
      let chosen = cvector_chosen8(vector, lanes)
    #endif
    if count == Vector.scalarCount { store(chosen, pointer) } else { store(chosen, pointer, count) }
  #else
    store(vector, spare)
    var lane = 0
    while lane < valid {
      let source = Int((lanes + 4 &* lane).load(as: Int32.self))
      (pointer + 4 &* lane).storeBytes(
        of: (spare + 4 &* source).load(as: Float.self), as: Float.self)
      lane &+= 1
    }
  #endif
}

/// The same vector, complete before anything that follows in the program begins.
@inline(__always)
func settled(_ vector: Vector) -> Vector {
  #if KERNELS_AVX512
    cvector_settled16(vector)
  #elseif KERNELS_AVX2
    cvector_settled8(vector)
  #else
    cvector_settled4(vector)
  #endif
}
