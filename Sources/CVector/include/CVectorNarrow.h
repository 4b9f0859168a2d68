// SPDX-License-Identifier: Apache-2.0
// Numbers of 16 and of 8 bits, two and four in each lane of 32, and their sums: what NarrowKernels does
// with a vector, in one width for each set of instructions.
//
// A vector of them has the type of a vector of floats, for it goes where floats go, through loads,
// registers and broadcasts; what a lane means is up to these functions.
#ifndef CONVSCOPE_CVECTOR_NARROW_H
#define CONVSCOPE_CVECTOR_NARROW_H

#if defined(__x86_64__)

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
#if defined(__AVX512F__)
  __asm__ volatile("" : "+v"(v));
#else
  __asm__ volatile("" : "+x"(v));
#endif
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
  typedef short pairs __attribute__((vector_size(4 * CNARROW_LANES)));
#if defined(__AVX2__)
  return cnarrow_add_s32(
      sum, (cnarrow_vector)__builtin_ia32_pmaddwd256((pairs)left, (pairs)right));
#else
  return cnarrow_add_s32(
      sum, (cnarrow_vector)__builtin_ia32_pmaddwd128((pairs)left, (pairs)right));
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

// Taps of a depthwise convolution, channels side by side: a register of each of four taps (of bytes; of
// halves two) is interleaved, so that a lane holds the taps of one channel. That brings the channels out of
// their order within parts of 128 bits, and packing results undoes exactly that.

typedef char cnarrow_row8 __attribute__((vector_size(64)));
typedef short cnarrow_row16 __attribute__((vector_size(64)));

#define CNARROW_PAIRS8(b) \
  b, 64 + b, b + 1, 65 + b, b + 2, 66 + b, b + 3, 67 + b, b + 4, 68 + b, b + 5, 69 + b, b + 6, \
      70 + b, b + 7, 71 + b
#define CNARROW_PAIRS16(b) b, 32 + b, b + 1, 33 + b, b + 2, 34 + b, b + 3, 35 + b
#define CNARROW_LOW8(v, w) \
  __builtin_shufflevector(v, w, CNARROW_PAIRS8(0), CNARROW_PAIRS8(16), CNARROW_PAIRS8(32), \
                          CNARROW_PAIRS8(48))
#define CNARROW_HIGH8(v, w) \
  __builtin_shufflevector(v, w, CNARROW_PAIRS8(8), CNARROW_PAIRS8(24), CNARROW_PAIRS8(40), \
                          CNARROW_PAIRS8(56))
#define CNARROW_LOW16(v, w) \
  __builtin_shufflevector(v, w, CNARROW_PAIRS16(0), CNARROW_PAIRS16(8), CNARROW_PAIRS16(16), \
                          CNARROW_PAIRS16(24))
#define CNARROW_HIGH16(v, w) \
  __builtin_shufflevector(v, w, CNARROW_PAIRS16(4), CNARROW_PAIRS16(12), CNARROW_PAIRS16(20), \
                          CNARROW_PAIRS16(28))

/// Bytes of the channels of `mask`, zeros for the others.
CVECTOR_INLINE cnarrow_vector cnarrow_load_bytes(
    const void *_Nonnull from, unsigned long long mask) {
  return (cnarrow_vector)__builtin_ia32_loaddquqi512_mask(
      (const cnarrow_row8 *)from, (cnarrow_row8){0}, mask);
}

/// Halves of the channels of `mask`, zeros for the others.
CVECTOR_INLINE cnarrow_vector cnarrow_load_halves(
    const void *_Nonnull from, unsigned long long mask) {
  return (cnarrow_vector)__builtin_ia32_loaddquhi512_mask(
      (const cnarrow_row16 *)from, (cnarrow_row16){0}, (unsigned)mask);
}

/// Bytes of both, by turns: of the lower halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_low_bytes(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)CNARROW_LOW8((cnarrow_row8)v, (cnarrow_row8)w);
}

/// Bytes of both, by turns: of the upper halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_high_bytes(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)CNARROW_HIGH8((cnarrow_row8)v, (cnarrow_row8)w);
}

/// Halves of both, by turns: of the lower halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_low_halves(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)CNARROW_LOW16((cnarrow_row16)v, (cnarrow_row16)w);
}

/// Halves of both, by turns: of the upper halves of each part.
CVECTOR_INLINE cnarrow_vector cnarrow_high_halves(cnarrow_vector v, cnarrow_vector w) {
  return (cnarrow_vector)CNARROW_HIGH16((cnarrow_row16)v, (cnarrow_row16)w);
}

/// Writes integers as bytes, in the channels' order.
CVECTOR_INLINE void cnarrow_store_packed_bytes(
    cnarrow_ints a, cnarrow_ints b, cnarrow_ints c, cnarrow_ints d, void *_Nonnull to,
    unsigned long long mask) {
  typedef int plain __attribute__((vector_size(64)));
  __builtin_ia32_storedquqi512_mask(
      (cnarrow_row8 *)to,
      (cnarrow_row8)__builtin_ia32_packuswb512(
          __builtin_ia32_packssdw512((plain)a, (plain)b),
          __builtin_ia32_packssdw512((plain)c, (plain)d)),
      mask);
}

/// Writes halves, in the channels' order.
CVECTOR_INLINE void cnarrow_store_packed_halves(
    cnarrow_halves a, cnarrow_halves b, void *_Nonnull to, unsigned long long mask) {
  __builtin_ia32_storedquhi512_mask(
      (cnarrow_row16 *)to,
      (cnarrow_row16)__builtin_shufflevector(
          a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23, 8, 9, 10, 11, 24, 25, 26,
          27, 12, 13, 14, 15, 28, 29, 30, 31),
      (unsigned)mask);
}

#endif

#endif
#endif
