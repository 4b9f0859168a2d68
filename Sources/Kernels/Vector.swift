// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

#if KERNELS_AVX512
  /// One register of 32-bit floats.
  typealias Vector = SIMD16<Float>
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.avx512
#elseif KERNELS_AVX2
  /// One register of 32-bit floats.
  typealias Vector = SIMD8<Float>
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.avx2
#elseif KERNELS_NEON
  /// One register of 32-bit floats.
  typealias Vector = SIMD4<Float>
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.neon
#else
  /// One register of 32-bit floats.
  typealias Vector = SIMD4<Float>
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.baseline
#endif

/// Registers that a line's sums, weights and an input share.
@inline(__always)
var lineRegisters: Int {
  #if KERNELS_AVX512 || KERNELS_NEON
    32
  #else
    16
  #endif
}

/// `sum + left · right`, fused where the instruction set has it; `CVector.h` says why it is C.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ left: Vector, _ right: Vector) -> Vector {
  #if KERNELS_AVX512
    return cvector_multiply_add16(sum, left, right)
  #elseif KERNELS_AVX2
    return cvector_multiply_add8(sum, left, right)
  #else
    return cvector_multiply_add4(sum, left, right)
  #endif
}

/// `sum − left · right`, fused where the instruction set has it.
@inline(__always)
func multiplySubtract(_ sum: Vector, _ left: Vector, _ right: Vector) -> Vector {
  #if KERNELS_AVX512
    return cvector_multiply_subtract16(sum, left, right)
  #elseif KERNELS_AVX2
    return cvector_multiply_subtract8(sum, left, right)
  #else
    return cvector_multiply_subtract4(sum, left, right)
  #endif
}
