// SPDX-License-Identifier: Apache-2.0
// Permutations that bring a channel of each group to all lanes of the group.
//
// Written in Swift as a loop over lanes, a permutation of a vector that comes straight from memory
// is taken apart by LLVM into one scalar load per lane; a shuffle stays one instruction.
#ifndef CONVSCOPE_CVECTOR_PERMUTATION_H
#define CONVSCOPE_CVECTOR_PERMUTATION_H

// Lane l of groups of I input and O output channels reads the C-th of its group's channels, counted
// from its own where there are as many inputs as outputs: the first one then needs no permutation.
#define CVECTOR_LANE(l, I, O, C) ((l) / (O) * (I) + ((I) == (O) ? ((l) + (C)) % (I) : (C)))
#define CVECTOR_LANES4(l, I, O, C) \
  CVECTOR_LANE(l, I, O, C), CVECTOR_LANE(l + 1, I, O, C), CVECTOR_LANE(l + 2, I, O, C), \
      CVECTOR_LANE(l + 3, I, O, C)
#define CVECTOR_LANES8(l, I, O, C) CVECTOR_LANES4(l, I, O, C), CVECTOR_LANES4(l + 4, I, O, C)
#define CVECTOR_LANES16(l, I, O, C) CVECTOR_LANES8(l, I, O, C), CVECTOR_LANES8(l + 8, I, O, C)

#define CVECTOR_SHUFFLE(W, I, O, C) \
  if (channel == C) return __builtin_shufflevector(v, v, CVECTOR_LANES##W(0, I, O, C));
#define CVECTOR_SHUFFLES_1(W, I, O) CVECTOR_SHUFFLE(W, I, O, 0)
#define CVECTOR_SHUFFLES_2(W, I, O) CVECTOR_SHUFFLES_1(W, I, O) CVECTOR_SHUFFLE(W, I, O, 1)
#define CVECTOR_SHUFFLES_4(W, I, O) \
  CVECTOR_SHUFFLES_2(W, I, O) CVECTOR_SHUFFLE(W, I, O, 2) CVECTOR_SHUFFLE(W, I, O, 3)
#define CVECTOR_SHUFFLES_8(W, I, O) \
  CVECTOR_SHUFFLES_4(W, I, O) CVECTOR_SHUFFLE(W, I, O, 4) CVECTOR_SHUFFLE(W, I, O, 5) \
  CVECTOR_SHUFFLE(W, I, O, 6) CVECTOR_SHUFFLE(W, I, O, 7)

// `channel` is a constant wherever these are inlined, so that one shuffle is left of them.
#define CVECTOR_PERMUTE(W, I, O) \
  CVECTOR_INLINE cvector##W cvector_permute##W##_##I##_##O(cvector##W v, long channel) { \
    CVECTOR_SHUFFLES_##I(W, I, O) return v; \
  }

CVECTOR_PERMUTE(4, 1, 2)
CVECTOR_PERMUTE(4, 2, 2)
CVECTOR_PERMUTE(8, 1, 2)
CVECTOR_PERMUTE(8, 2, 2)
CVECTOR_PERMUTE(8, 1, 4)
CVECTOR_PERMUTE(8, 2, 4)
CVECTOR_PERMUTE(8, 4, 4)
CVECTOR_PERMUTE(16, 1, 2)
CVECTOR_PERMUTE(16, 2, 2)
CVECTOR_PERMUTE(16, 1, 4)
CVECTOR_PERMUTE(16, 2, 4)
CVECTOR_PERMUTE(16, 4, 4)
CVECTOR_PERMUTE(16, 1, 8)
CVECTOR_PERMUTE(16, 2, 8)
CVECTOR_PERMUTE(16, 4, 8)
CVECTOR_PERMUTE(16, 8, 8)

// Every second lane of two vectors that follow each other, from lane F.
#define CVECTOR_SECOND4(l, F) 2 * (l) + F, 2 * (l + 1) + F, 2 * (l + 2) + F, 2 * (l + 3) + F
#define CVECTOR_SECOND8(l, F) CVECTOR_SECOND4(l, F), CVECTOR_SECOND4(l + 4, F)
#define CVECTOR_SECOND16(l, F) CVECTOR_SECOND8(l, F), CVECTOR_SECOND8(l + 8, F)
#define CVECTOR_SECOND(W, NAME, F) \
  CVECTOR_INLINE cvector##W cvector_##NAME##W(cvector##W v, cvector##W w) { \
    return __builtin_shufflevector(v, w, CVECTOR_SECOND##W(0, F)); \
  }

CVECTOR_SECOND(4, even, 0)
CVECTOR_SECOND(4, odd, 1)
CVECTOR_SECOND(8, even, 0)
CVECTOR_SECOND(8, odd, 1)
CVECTOR_SECOND(16, even, 0)
CVECTOR_SECOND(16, odd, 1)

#if defined(__AVX2__)
/// The lanes of `v` whose numbers lie at `lanes`, 32 bits each.
CVECTOR_INLINE cvector8 cvector_chosen8(cvector8 v, const void *_Nonnull lanes) {
  typedef float plain __attribute__((vector_size(32)));
  typedef int plain_lanes __attribute__((vector_size(32), aligned(4)));
  return (cvector8)__builtin_ia32_permvarsf256((plain)v, *(const plain_lanes *)lanes);
}
#endif
#if defined(__AVX512F__)
/// The lanes of `v` whose numbers lie at `lanes`, 32 bits each.
CVECTOR_INLINE cvector16 cvector_chosen16(cvector16 v, const void *_Nonnull lanes) {
  typedef float plain __attribute__((vector_size(64)));
  typedef int plain_lanes __attribute__((vector_size(64), aligned(4)));
  return (cvector16)__builtin_ia32_permvarsf512((plain)v, *(const plain_lanes *)lanes);
}
#endif

// The register class of a vector in inline assembly.
#if defined(__AVX512F__)
#define CVECTOR_REGISTER "+v"
#elif defined(__x86_64__)
#define CVECTOR_REGISTER "+x"
#elif defined(__aarch64__)
#define CVECTOR_REGISTER "+w"
#endif

// The same vector, complete before anything that follows in the program begins.
//
// LLVM orders independent operations of a block as it likes: for groups of four it finished one sum
// after the other over all four channels, and kept twelve weights in memory meanwhile.
#define CVECTOR_SETTLED(W) \
  CVECTOR_INLINE cvector##W cvector_settled##W(cvector##W v) { \
    __asm__ volatile("" : CVECTOR_REGISTER(v)); \
    return v; \
  }

CVECTOR_SETTLED(4)
#if defined(__AVX__)
CVECTOR_SETTLED(8)
#endif
#if defined(__AVX512F__)
CVECTOR_SETTLED(16)
#endif

/// The same pointer, of which the compiler must not know that it is the same: what was loaded
/// through the original is loaded again, rather than kept in registers that there are not.
CVECTOR_INLINE const void *_Nonnull cvector_reloaded(const void *_Nonnull pointer) {
  __asm__ volatile("" : "+r"(pointer));
  return pointer;
}

#endif
