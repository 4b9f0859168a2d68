// SPDX-License-Identifier: Apache-2.0
// The one vector operation that Swift cannot say as one instruction.
//
// Swift's SIMD arithmetic reaches LLVM as one scalar operation per lane, and LLVM's SLP vectorizer
// puts the lanes together again. On the way it orders the operations of a register tile anew, vector
// by vector instead of pixel by pixel; a tile that fills the registers then spills (8 spills per 12
// FMAs in the 6×2 tile for AVX2). These functions are vector operations from the start.
#ifndef CONVSCOPE_CVECTOR_H
#define CONVSCOPE_CVECTOR_H

typedef float cvector4 __attribute__((ext_vector_type(4)));
typedef float cvector8 __attribute__((ext_vector_type(8)));
typedef float cvector16 __attribute__((ext_vector_type(16)));

#if defined(__FMA__) || defined(__aarch64__)
#define CVECTOR_MULTIPLY_ADD(sum, left, right) __builtin_elementwise_fma(left, right, sum)
#else
// Without FMA instructions a fused operation would be a call of the C library per lane.
#define CVECTOR_MULTIPLY_ADD(sum, left, right) ((sum) + (left) * (right))
#endif

#define CVECTOR_INLINE static inline __attribute__((always_inline))

/// `sum + left · right`, fused where the instruction set has it.
CVECTOR_INLINE cvector4 cvector_multiply_add4(cvector4 sum, cvector4 left, cvector4 right) {
  return CVECTOR_MULTIPLY_ADD(sum, left, right);
}
/// `sum + left · right`, fused where the instruction set has it.
CVECTOR_INLINE cvector8 cvector_multiply_add8(cvector8 sum, cvector8 left, cvector8 right) {
  return CVECTOR_MULTIPLY_ADD(sum, left, right);
}
/// `sum + left · right`, fused where the instruction set has it.
CVECTOR_INLINE cvector16 cvector_multiply_add16(cvector16 sum, cvector16 left, cvector16 right) {
  return CVECTOR_MULTIPLY_ADD(sum, left, right);
}

/// `sum − left · right`, fused where the instruction set has it; Swift's unary minus is `0 − x`, which
/// LLVM does not fold into the operation.
CVECTOR_INLINE cvector4 cvector_multiply_subtract4(cvector4 sum, cvector4 left, cvector4 right) {
  return CVECTOR_MULTIPLY_ADD(sum, -left, right);
}
/// `sum − left · right`, fused where the instruction set has it.
CVECTOR_INLINE cvector8 cvector_multiply_subtract8(cvector8 sum, cvector8 left, cvector8 right) {
  return CVECTOR_MULTIPLY_ADD(sum, -left, right);
}
/// `sum − left · right`, fused where the instruction set has it.
CVECTOR_INLINE cvector16 cvector_multiply_subtract16(
    cvector16 sum, cvector16 left, cvector16 right) {
  return CVECTOR_MULTIPLY_ADD(sum, -left, right);
}

#include "CVectorPermutation.h"
#include "CVectorParts.h"
#include "CVectorNarrow.h"

/// Asks for a cache line that is needed next, in level 1; any address will do.
CVECTOR_INLINE void cvector_prefetch_near(const void *_Nullable address) {
  __builtin_prefetch(address, 0, 3);
}

/// Asks for a cache line that is written next, in level 1; any address will do.
CVECTOR_INLINE void cvector_prefetch_written(const void *_Nullable address) {
  __builtin_prefetch(address, 1, 3);
}

/// Asks for a cache line that is needed soon, in level 2; any address will do.
CVECTOR_INLINE void cvector_prefetch(const void *_Nullable address) {
  __builtin_prefetch(address, 0, 2);
}

#endif
