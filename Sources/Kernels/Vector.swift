// SPDX-License-Identifier: Apache-2.0

import Convolution

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
#else
  /// One register of 32-bit floats.
  typealias Vector = SIMD4<Float>
  /// The instruction set this module is compiled for.
  let instructionSet = InstructionSet.baseline
#endif

/// `sum + left · right`, fused where the instruction set has it.
///
/// Baseline x86-64 has no FMA: `addingProduct` would call the C library's `fmaf` per lane, hundreds
/// of times slower than a multiplication and an addition.
@inline(__always)
func multiplyAdd(_ sum: Vector, _ left: Vector, _ right: Vector) -> Vector {
  #if KERNELS_BASELINE && arch(x86_64)
    return sum + left * right
  #else
    return sum.addingProduct(left, right)
  #endif
}
