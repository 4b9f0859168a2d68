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
