// SPDX-License-Identifier: Apache-2.0
// Numbers of 16 and of 8 bits, two and four in each lane of 32, and their sums: what NarrowKernels does
// with a vector, in one width for each set of instructions.
//
// A vector of them has the type of a vector of floats, for it goes where floats go, through loads,
// registers and broadcasts; what a lane means is up to these functions.
#ifndef CONVSCOPE_CVECTOR_NARROW_H
#define CONVSCOPE_CVECTOR_NARROW_H

#if defined(__x86_64__) || defined(__aarch64__)

#if defined(__AVX512BF16__) && defined(__AVX512VNNI__)
#define CNARROW_DOTS
#endif
#if defined(CNARROW_DOTS)
#define CNARROW_LANES 16
#elif defined(__AVX2__)
#define CNARROW_LANES 8
#else
#define CNARROW_LANES 4
#endif

typedef float cnarrow_vector __attribute__((ext_vector_type(CNARROW_LANES)));
typedef unsigned cnarrow_bits __attribute__((ext_vector_type(CNARROW_LANES)));
typedef int cnarrow_ints __attribute__((ext_vector_type(CNARROW_LANES)));
typedef unsigned char cnarrow_bytes __attribute__((ext_vector_type(CNARROW_LANES)));
typedef unsigned char cnarrow_bytes_unaligned
    __attribute__((ext_vector_type(CNARROW_LANES), aligned(1)));
typedef unsigned short cnarrow_halves __attribute__((ext_vector_type(CNARROW_LANES)));
typedef unsigned short cnarrow_halves_unaligned
    __attribute__((ext_vector_type(CNARROW_LANES), aligned(2)));
typedef short cnarrow_pairs __attribute__((ext_vector_type(2 * CNARROW_LANES)));
typedef unsigned short cnarrow_plain_pairs __attribute__((ext_vector_type(2 * CNARROW_LANES)));

/// The same vector, for all that the compiler knows another one.
CVECTOR_INLINE cnarrow_vector cnarrow_other(cnarrow_vector v) {
  __asm__ volatile("" : CVECTOR_REGISTER(v));
  return v;
}

/// The same number, for all that the compiler knows another one.
CVECTOR_INLINE long cnarrow_same(long v) {
  __asm__("" : "+r"(v));
  return v;
}

/// The sum of floats.
CVECTOR_INLINE cnarrow_vector cnarrow_add_f32(cnarrow_vector v, cnarrow_vector w) { return v + w; }

/// The sum of 32-bit integers.
CVECTOR_INLINE cnarrow_vector cnarrow_add_s32(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)((cnarrow_bits)v + (cnarrow_bits)w);
}

/// The larger of each lane and zero; NaN stays NaN.
CVECTOR_INLINE cnarrow_vector cnarrow_rectified(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_bits)v & ~(cnarrow_bits)(v < 0.0f));
}

/// The same of 32-bit integers.
CVECTOR_INLINE cnarrow_vector cnarrow_rectified_s32(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_bits)v & ~(cnarrow_bits)((cnarrow_ints)v < 0));
}

/// Sums of integers as floats, scaled.
CVECTOR_INLINE cnarrow_vector cnarrow_scaled(cnarrow_vector sum, cnarrow_vector scale) {
  return __builtin_convertvector((cnarrow_ints)sum, cnarrow_vector) * scale;
}

/// Writes the first `count` lanes, of 1 to all.
CVECTOR_INLINE void cnarrow_store_first_lanes(cnarrow_vector v, void *_Nonnull to, long count) {
  __builtin_memcpy(to, &v, 4 * (unsigned long)count);
}

/// `sum + left · right` of floats, fused where the instruction set has it.
CVECTOR_INLINE cnarrow_vector cnarrow_multiply_add(
    cnarrow_vector sum, cnarrow_vector left, cnarrow_vector right) {
  return CVECTOR_MULTIPLY_ADD(sum, left, right);
}

/// The first bf16 of each lane as a float.
CVECTOR_INLINE cnarrow_vector cnarrow_first_bf16(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_bits)v << 16);
}

/// The second bf16 of each lane as a float.
CVECTOR_INLINE cnarrow_vector cnarrow_second_bf16(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_bits)v & 0xffff0000u);
}

#if defined(CNARROW_DOTS)

/// `sum` and the products of both bf16 of each lane; no product or sum below the smallest normal float.
CVECTOR_INLINE cnarrow_vector cnarrow_dot_bf16(
    cnarrow_vector sum, cnarrow_vector left, cnarrow_vector right) {
  typedef float plain __attribute__((vector_size(64)));
  typedef __bf16 pairs __attribute__((vector_size(64)));
  return (cnarrow_vector)__builtin_ia32_dpbf16ps_512((plain)sum, (pairs)left, (pairs)right);
}

/// `sum` and the products of four unsigned bytes of `left` and four signed ones of `right` in each lane.
CVECTOR_INLINE cnarrow_vector cnarrow_dot_u8_s8(
    cnarrow_vector sum, cnarrow_vector left, cnarrow_vector right) {
  typedef int plain __attribute__((vector_size(64)));
  return (cnarrow_vector)__builtin_ia32_vpdpbusd512((plain)sum, (plain)left, (plain)right);
}

#else

// Without instructions for four bytes: pairs of 16-bit integers, of which no product saturates. Zeros
// extend the input's bytes, signs the filter's; the first pass takes bytes 0 and 2, the second 1 and 3.
CVECTOR_INLINE cnarrow_vector cnarrow_even_u8(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_bits)v & 0x00ff00ffu);
}

CVECTOR_INLINE cnarrow_vector cnarrow_odd_u8(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_plain_pairs)v >> 8);
}

CVECTOR_INLINE cnarrow_vector cnarrow_even_s8(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_pairs)((cnarrow_plain_pairs)v << 8) >> 8);
}

CVECTOR_INLINE cnarrow_vector cnarrow_odd_s8(cnarrow_vector v) {
  return (cnarrow_vector)((cnarrow_pairs)v >> 8);
}

/// `sum` and the products of pairs of 16-bit integers.
CVECTOR_INLINE cnarrow_vector cnarrow_dot_pairs(
    cnarrow_vector sum, cnarrow_vector left, cnarrow_vector right) {
#if defined(__aarch64__)
  // Armv8.0 has no instruction for it: two multiply four numbers each (SMULL), one adds neighbours (ADDP).
  typedef __attribute__((neon_vector_type(8))) signed char half;
  typedef __attribute__((neon_vector_type(16))) signed char whole;
  cnarrow_pairs v = (cnarrow_pairs)left, w = (cnarrow_pairs)right;
  whole low = (whole)__builtin_neon_vmull_v((half)v.lo, (half)w.lo, 34);
  whole high = (whole)__builtin_neon_vmull_v((half)v.hi, (half)w.hi, 34);
  return cnarrow_add_s32(sum, (cnarrow_vector)__builtin_neon_vpaddq_v(low, high, 34));
#else
  typedef short pairs __attribute__((vector_size(4 * CNARROW_LANES)));
#if defined(__AVX2__)
  return cnarrow_add_s32(
      sum, (cnarrow_vector)__builtin_ia32_pmaddwd256((pairs)left, (pairs)right));
#else
  return cnarrow_add_s32(
      sum, (cnarrow_vector)__builtin_ia32_pmaddwd128((pairs)left, (pairs)right));
#endif
#endif
}

#endif

/// Floats rounded to bf16: to the nearest, of two the even one; NaN becomes quiet.
CVECTOR_INLINE cnarrow_halves cnarrow_as_bf16(cnarrow_vector v) {
#if defined(CNARROW_DOTS)
  typedef __bf16 bf16 __attribute__((ext_vector_type(CNARROW_LANES)));
  return (cnarrow_halves)__builtin_convertvector(v, bf16);
#else
  cnarrow_bits bits = (cnarrow_bits)v;
  cnarrow_bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  cnarrow_bits quiet = (bits >> 16) | 0x40u;
  cnarrow_bits is_nan = (cnarrow_bits)(v != v);
  return __builtin_convertvector((is_nan & quiet) | (~is_nan & rounded), cnarrow_halves);
#endif
}

/// Sums of integers, scaled, bounded and rounded; `low` and `high` count from the zero point.
CVECTOR_INLINE cnarrow_ints cnarrow_rounded(
    cnarrow_vector sum, cnarrow_vector scale, float low, float high, int zero) {
  // Added to a number of few bits, this leaves the nearest integer in the lowest ones.
  const float shift = 0x1.8p23f;
  cnarrow_vector scaled = __builtin_convertvector((cnarrow_ints)sum, cnarrow_vector) * scale;
  scaled = scaled > low ? scaled : (cnarrow_vector)low;
  scaled = scaled < high ? scaled : (cnarrow_vector)high;
  return (cnarrow_ints)(scaled + shift) - (cnarrow_ints)(cnarrow_vector)shift + zero;
}

/// The same as bytes.
CVECTOR_INLINE cnarrow_bytes cnarrow_as_u8(
    cnarrow_vector sum, cnarrow_vector scale, float low, float high, int zero) {
  return __builtin_convertvector(cnarrow_rounded(sum, scale, low, high, zero), cnarrow_bytes);
}

/// Writes halves.
CVECTOR_INLINE void cnarrow_store_halves(cnarrow_halves v, void *_Nonnull to) {
  *(cnarrow_halves_unaligned *)to = v;
}

/// Writes bytes.
CVECTOR_INLINE void cnarrow_store_bytes(cnarrow_bytes v, void *_Nonnull to) {
  *(cnarrow_bytes_unaligned *)to = v;
}

/// Writes the first `count` halves, of 0 to all.
CVECTOR_INLINE void cnarrow_store_first_halves(cnarrow_halves v, void *_Nonnull to, long count) {
#if defined(CNARROW_DOTS)
  typedef short plain __attribute__((vector_size(32)));
  __builtin_ia32_storedquhi256_mask((plain *)to, (plain)v, (unsigned short)((1u << count) - 1));
#else
  cnarrow_halves_unaligned all = v;
  for (long i = 0; i < count; ++i) ((unsigned short *)to)[i] = ((unsigned short *)&all)[i];
#endif
}

/// Writes the first `count` bytes, of 0 to all.
CVECTOR_INLINE void cnarrow_store_first_bytes(cnarrow_bytes v, void *_Nonnull to, long count) {
#if defined(CNARROW_DOTS)
  typedef char plain __attribute__((vector_size(16)));
  __builtin_ia32_storedquqi128_mask((plain *)to, (plain)v, (unsigned short)((1u << count) - 1));
#else
  cnarrow_bytes_unaligned all = v;
  for (long i = 0; i < count; ++i) ((unsigned char *)to)[i] = ((unsigned char *)&all)[i];
#endif
}

#if defined(CNARROW_DOTS)

/// In each lane, that of `v` which `index` names.
CVECTOR_INLINE cnarrow_vector cnarrow_spread(cnarrow_vector v, cnarrow_vector index) {
  typedef float plain __attribute__((vector_size(64)));
  typedef int places __attribute__((vector_size(64)));
  return (cnarrow_vector)__builtin_ia32_permvarsf512((plain)v, (places)index);
}

#endif

#if defined(__AVX2__) || defined(__aarch64__)

// Channels side by side: bytes of four rows, halves of two, are interleaved, so that a lane holds numbers of
// one channel. That brings the channels out of their order within parts of 128 bits, and packing results
// undoes exactly that.

#define CNARROW_BYTES (4 * CNARROW_LANES)
typedef char cnarrow_row8 __attribute__((vector_size(CNARROW_BYTES)));
typedef unsigned char cnarrow_unsigned8 __attribute__((vector_size(CNARROW_BYTES)));
typedef short cnarrow_row16 __attribute__((vector_size(CNARROW_BYTES)));
typedef int cnarrow_row32 __attribute__((vector_size(CNARROW_BYTES)));
typedef float cnarrow_floats __attribute__((vector_size(CNARROW_BYTES)));
typedef char cnarrow_unaligned8 __attribute__((vector_size(CNARROW_BYTES), aligned(1)));

#define CNARROW_PAIRS8(b) \
  b, CNARROW_BYTES + b, b + 1, CNARROW_BYTES + b + 1, b + 2, CNARROW_BYTES + b + 2, b + 3, \
      CNARROW_BYTES + b + 3, b + 4, CNARROW_BYTES + b + 4, b + 5, CNARROW_BYTES + b + 5, b + 6, \
      CNARROW_BYTES + b + 6, b + 7, CNARROW_BYTES + b + 7
#define CNARROW_PAIRS16(b) \
  b, CNARROW_BYTES / 2 + b, b + 1, CNARROW_BYTES / 2 + b + 1, b + 2, CNARROW_BYTES / 2 + b + 2, \
      b + 3, CNARROW_BYTES / 2 + b + 3
#if CNARROW_LANES == 16
#define CNARROW_PARTS(pairs, first, step) \
  pairs(first), pairs(first + step), pairs(first + 2 * step), pairs(first + 3 * step)
#elif CNARROW_LANES == 8
#define CNARROW_PARTS(pairs, first, step) pairs(first), pairs(first + step)
#else
#define CNARROW_PARTS(pairs, first, step) pairs(first)
#endif

/// Bytes of both, by turns: of the lower halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_low_bytes(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)__builtin_shufflevector(
      (cnarrow_row8)v, (cnarrow_row8)w, CNARROW_PARTS(CNARROW_PAIRS8, 0, 16));
}

/// Bytes of both, by turns: of the upper halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_high_bytes(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)__builtin_shufflevector(
      (cnarrow_row8)v, (cnarrow_row8)w, CNARROW_PARTS(CNARROW_PAIRS8, 8, 16));
}

/// Halves of both, by turns: of the lower halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_low_halves(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)__builtin_shufflevector(
      (cnarrow_row16)v, (cnarrow_row16)w, CNARROW_PARTS(CNARROW_PAIRS16, 0, 8));
}

/// Halves of both, by turns: of the upper halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_high_halves(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)__builtin_shufflevector(
      (cnarrow_row16)v, (cnarrow_row16)w, CNARROW_PARTS(CNARROW_PAIRS16, 4, 8));
}

/// The first `count` bytes, of 1 to all, and zeros.
CVECTOR_INLINE cnarrow_vector cnarrow_load_first(const void *_Nonnull from, long count) {
#if defined(CNARROW_DOTS)
  return (cnarrow_vector)__builtin_ia32_loaddquqi512_mask(
      (const cnarrow_row8 *)from, (cnarrow_row8){0}, ~0ull >> (64 - count));
#else
  cnarrow_row8 all = {0};
  __builtin_memcpy(&all, from, (unsigned long)count);
  return (cnarrow_vector)all;
#endif
}

/// Writes the first `count` bytes, of 1 to all.
CVECTOR_INLINE void cnarrow_store_first(cnarrow_row8 v, void *_Nonnull to, long count) {
  if (count == CNARROW_BYTES) {
    *(cnarrow_unaligned8 *)to = v;
  } else {
#if defined(CNARROW_DOTS)
    __builtin_ia32_storedquqi512_mask((cnarrow_row8 *)to, v, ~0ull >> (64 - count));
#else
    __builtin_memcpy(to, &v, (unsigned long)count);
#endif
  }
}

/// In each part of 128 bits, the bytes of it that `order` names, of 0 to 15; zero for 128 and more.
CVECTOR_INLINE cnarrow_vector cnarrow_permuted_bytes(cnarrow_vector v, cnarrow_vector order) {
#if defined(CNARROW_DOTS)
  return (cnarrow_vector)__builtin_ia32_pshufb512((cnarrow_row8)v, (cnarrow_row8)order);
#elif defined(__aarch64__)
  typedef __attribute__((neon_vector_type(16))) signed char row;
  return (cnarrow_vector)__builtin_neon_vqtbl1q_v((row)v, (row)order, 32);
#else
  return (cnarrow_vector)__builtin_ia32_pshufb256((cnarrow_row8)v, (cnarrow_row8)order);
#endif
}

#if defined(CNARROW_DOTS)

/// The 16-bit numbers that `order` names, of 0 to 31.
CVECTOR_INLINE cnarrow_vector cnarrow_permuted_halves(cnarrow_vector v, cnarrow_vector order) {
  return (cnarrow_vector)__builtin_ia32_permvarhi512((cnarrow_row16)v, (cnarrow_row16)order);
}

/// The first `count` bytes, of 1 to 16, and zeros.
CVECTOR_INLINE void cnarrow_move_16(const void *_Nonnull from, void *_Nonnull to, long count) {
  typedef char plain __attribute__((vector_size(16)));
  typedef char unaligned __attribute__((vector_size(16), aligned(1)));
  *(unaligned *)to = __builtin_ia32_loaddquqi128_mask(
      (const plain *)from, (plain){0}, (unsigned short)(0xffffu >> (16 - count)));
}

/// The same of up to 32.
CVECTOR_INLINE void cnarrow_move_32(const void *_Nonnull from, void *_Nonnull to, long count) {
  typedef char plain __attribute__((vector_size(32)));
  typedef char unaligned __attribute__((vector_size(32), aligned(1)));
  *(unaligned *)to = __builtin_ia32_loaddquqi256_mask(
      (const plain *)from, (plain){0}, 0xffffffffu >> (32 - count));
}

/// The first 128 bits, in each part of as many.
CVECTOR_INLINE cnarrow_vector cnarrow_first_part(cnarrow_vector v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

#endif

/// Sums of integers in steps of the output, rounded; of less than 2^31 steps.
CVECTOR_INLINE cnarrow_vector cnarrow_steps(cnarrow_vector sum, cnarrow_vector scale) {
  cnarrow_vector scaled = __builtin_convertvector((cnarrow_ints)sum, cnarrow_vector) * scale;
#if defined(CNARROW_DOTS)
  return (cnarrow_vector)__builtin_ia32_cvtps2dq512_mask(
      (cnarrow_floats)scaled, (cnarrow_row32){0}, (unsigned short)0xffff, 4);
#elif defined(__aarch64__)
  return (cnarrow_vector)__builtin_convertvector(
      __builtin_elementwise_roundeven(scaled), cnarrow_ints);
#else
  return (cnarrow_vector)__builtin_ia32_cvtps2dq256((cnarrow_floats)scaled);
#endif
}

#if defined(CNARROW_DOTS)
#define CNARROW_PACK32(v, w) __builtin_ia32_packssdw512((cnarrow_row32)v, (cnarrow_row32)w)
#define CNARROW_PACK16(v, w) __builtin_ia32_packuswb512(v, w)
#elif defined(__aarch64__)
/// The numbers of `v` and then those of `w` in half the width, bounded by its ends.
CVECTOR_INLINE cnarrow_row16 cnarrow_pack32(cnarrow_ints v, cnarrow_ints w) {
  typedef int all __attribute__((ext_vector_type(8)));
  all both = __builtin_shufflevector(v, w, 0, 1, 2, 3, 4, 5, 6, 7);
  both = __builtin_elementwise_min(__builtin_elementwise_max(both, (all)-32768), (all)32767);
  return (cnarrow_row16)__builtin_convertvector(both, cnarrow_pairs);
}

/// The same as bytes without a sign.
CVECTOR_INLINE cnarrow_unsigned8 cnarrow_pack16(cnarrow_row16 v, cnarrow_row16 w) {
  typedef short all __attribute__((ext_vector_type(16)));
  all both = __builtin_shufflevector(
      (cnarrow_pairs)v, (cnarrow_pairs)w, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  both = __builtin_elementwise_min(__builtin_elementwise_max(both, (all)0), (all)255);
  typedef unsigned char bytes __attribute__((ext_vector_type(16)));
  return (cnarrow_unsigned8)__builtin_convertvector(both, bytes);
}

#define CNARROW_PACK32(v, w) cnarrow_pack32((cnarrow_ints)v, (cnarrow_ints)w)
#define CNARROW_PACK16(v, w) cnarrow_pack16(v, w)
#else
#define CNARROW_PACK32(v, w) __builtin_ia32_packssdw256((cnarrow_row32)v, (cnarrow_row32)w)
#define CNARROW_PACK16(v, w) __builtin_ia32_packuswb256(v, w)
#endif

/// Writes steps from the zero point as bytes, in the channels' order, none below its byte of `least`;
/// `zeros` has the zero point in 16 bits.
CVECTOR_INLINE void cnarrow_store_steps(
    cnarrow_vector a, cnarrow_vector b, cnarrow_vector c, cnarrow_vector d, cnarrow_vector zeros,
    cnarrow_vector least, void *_Nonnull to, long count) {
  // Saturated on the way: what is beyond 16 bits is beyond 8 bits as well.
  cnarrow_row16 low =
      __builtin_elementwise_add_sat((cnarrow_row16)CNARROW_PACK32(a, b), (cnarrow_row16)zeros);
  cnarrow_row16 high =
      __builtin_elementwise_add_sat((cnarrow_row16)CNARROW_PACK32(c, d), (cnarrow_row16)zeros);
  cnarrow_store_first(
      (cnarrow_row8)__builtin_elementwise_max(
          (cnarrow_unsigned8)CNARROW_PACK16(low, high), (cnarrow_unsigned8)least),
      to, count);
}

/// Floats rounded to bf16, in the channels' order.
CVECTOR_INLINE cnarrow_row8 cnarrow_ordered_bf16(cnarrow_vector a, cnarrow_vector b) {
#if defined(CNARROW_DOTS)
  typedef long long parts __attribute__((vector_size(64)));
  parts rounded =
      (parts)__builtin_ia32_cvtne2ps2bf16_512((cnarrow_floats)b, (cnarrow_floats)a);
  return (cnarrow_row8)__builtin_shufflevector(rounded, rounded, 0, 4, 1, 5, 2, 6, 3, 7);
#elif defined(__aarch64__)
  return (cnarrow_row8)__builtin_shufflevector(
      cnarrow_as_bf16(a), cnarrow_as_bf16(b), 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return (cnarrow_row8)__builtin_shufflevector(
      cnarrow_as_bf16(a), cnarrow_as_bf16(b), 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14,
      15);
#endif
}

/// Writes floats rounded to bf16, in the channels' order; `count` bytes.
CVECTOR_INLINE void cnarrow_store_ordered_bf16(
    cnarrow_vector a, cnarrow_vector b, void *_Nonnull to, long count) {
  cnarrow_store_first(cnarrow_ordered_bf16(a, b), to, count);
}

#if defined(CNARROW_DOTS)

// Always with a mask: without a branch, loops keep what they sum in registers.

/// Writes floats rounded to bf16, in the channels' order; `count` bytes, of 1 to all.
CVECTOR_INLINE void cnarrow_store_first_bf16(
    cnarrow_vector a, cnarrow_vector b, void *_Nonnull to, long count) {
  __builtin_ia32_storedquqi512_mask(
      (cnarrow_row8 *)to, cnarrow_ordered_bf16(a, b), ~0ull >> (64 - count));
}

/// Writes floats rounded to bf16, by turns one of `a` and one of `b`; `count` bytes, of 1 to all.
CVECTOR_INLINE void cnarrow_store_both_bf16(
    cnarrow_vector a, cnarrow_vector b, void *_Nonnull to, long count) {
  cnarrow_bits both = __builtin_convertvector(cnarrow_as_bf16(a), cnarrow_bits) |
                      __builtin_convertvector(cnarrow_as_bf16(b), cnarrow_bits) << 16;
  __builtin_ia32_storedquqi512_mask(
      (cnarrow_row8 *)to, (cnarrow_row8)both, ~0ull >> (64 - count));
}

/// Writes steps from the zero point as bytes, those of channels whose place in 16 is below 8, or from 8 on:
/// `half` 0 or 1, of the first `count` channels; `zeros` and `least` as in `cnarrow_store_steps`.
CVECTOR_INLINE void cnarrow_store_half_steps(
    cnarrow_vector a, cnarrow_vector b, cnarrow_vector zeros, cnarrow_vector least,
    void *_Nonnull to, long count, long half) {
  cnarrow_row16 row =
      __builtin_elementwise_add_sat((cnarrow_row16)CNARROW_PACK32(a, b), (cnarrow_row16)zeros);
  unsigned long long places = 0x00ff00ff00ff00ffull << (8 * half);
  __builtin_ia32_storedquqi512_mask(
      (cnarrow_row8 *)to,
      (cnarrow_row8)__builtin_elementwise_max(
          (cnarrow_unsigned8)CNARROW_PACK16(row, row), (cnarrow_unsigned8)least),
      places & ~0ull >> (64 - count));
}

#endif

#endif

#endif
#endif
