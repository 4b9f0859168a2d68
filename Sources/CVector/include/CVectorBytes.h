// SPDX-License-Identifier: Apache-2.0
// Integers of 8 bits, four in each lane of 32, and their sums, 32-bit integers.
//
// A vector of them has the type of a vector of floats, see CVectorHalves.h.
#ifndef CONVSCOPE_CVECTOR_BYTES_H
#define CONVSCOPE_CVECTOR_BYTES_H

#if defined(__x86_64__)

// Sums as bytes: scaled, bounded and rounded; `low` and `high` count from the zero point.
#define CVECTOR_SUMS(W) \
  typedef int cvector##W##_ints __attribute__((ext_vector_type(W))); \
  typedef unsigned char cvector##W##_bytes __attribute__((ext_vector_type(W))); \
  typedef unsigned char cvector##W##_bytes_unaligned \
      __attribute__((ext_vector_type(W), aligned(1))); \
  CVECTOR_INLINE cvector##W cvector_add_s32_##W(cvector##W v, cvector##W w) { \
    typedef unsigned bits __attribute__((ext_vector_type(W))); \
    return (cvector##W)((bits)v + (bits)w); \
  } \
  CVECTOR_INLINE cvector##W##_bytes cvector_as_u8_##W( \
      cvector##W sum, cvector##W scale, float low, float high, int zero) { \
    /* Added to a number of few bits, this leaves the nearest integer in the lowest ones. */ \
    const float shift = 0x1.8p23f; \
    cvector##W scaled = __builtin_convertvector((cvector##W##_ints)sum, cvector##W) * scale; \
    scaled = __builtin_elementwise_max(scaled, (cvector##W)low); \
    scaled = __builtin_elementwise_min(scaled, (cvector##W)high); \
    cvector##W##_ints rounded = \
        (cvector##W##_ints)(scaled + shift) - (cvector##W##_ints)(cvector##W)shift + zero; \
    return __builtin_convertvector(rounded, cvector##W##_bytes); \
  } \
  CVECTOR_INLINE void cvector_store_u8_##W( \
      cvector##W sum, cvector##W scale, float low, float high, int zero, void *_Nonnull to) { \
    *(cvector##W##_bytes_unaligned *)to = cvector_as_u8_##W(sum, scale, low, high, zero); \
  }

#if defined(__AVX2__)
CVECTOR_SUMS(8)

// Without instructions for four bytes: pairs of 16-bit integers, of which no product saturates. Zeros
// extend the input's bytes, signs the filter's; the first pass takes bytes 0 and 2, the second 1 and 3.
typedef short cvector8_pairs __attribute__((ext_vector_type(16)));
typedef unsigned short cvector8_plain_pairs __attribute__((ext_vector_type(16)));

CVECTOR_INLINE cvector8 cvector_even_u8_8(cvector8 v) {
  return (cvector8)((cvector8_bits)v & 0x00ff00ffu);
}

CVECTOR_INLINE cvector8 cvector_odd_u8_8(cvector8 v) {
  return (cvector8)((cvector8_plain_pairs)v >> 8);
}

CVECTOR_INLINE cvector8 cvector_even_s8_8(cvector8 v) {
  return (cvector8)((cvector8_pairs)((cvector8_plain_pairs)v << 8) >> 8);
}

CVECTOR_INLINE cvector8 cvector_odd_s8_8(cvector8 v) {
  return (cvector8)((cvector8_pairs)v >> 8);
}

/// `sum` and the products of pairs of 16-bit integers.
CVECTOR_INLINE cvector8 cvector_dot_pairs8(cvector8 sum, cvector8 left, cvector8 right) {
  typedef short pairs __attribute__((vector_size(32)));
  return cvector_add_s32_8(
      sum, (cvector8)__builtin_ia32_pmaddwd256((pairs)left, (pairs)right));
}

/// Writes the first `count` sums, of 0 to 8, as outputs.
CVECTOR_INLINE void cvector_store_first_u8_8(
    cvector8 sum, cvector8 scale, float low, float high, int zero, void *_Nonnull to, long count) {
  cvector8_bytes bytes = cvector_as_u8_8(sum, scale, low, high, zero);
  typedef unsigned char quarter __attribute__((ext_vector_type(4)));
  typedef unsigned char quarter_unaligned __attribute__((ext_vector_type(4), aligned(1)));
  unsigned char *elements = (unsigned char *)to;
  if (count & 8) {
    *(cvector8_bytes_unaligned *)elements = bytes;
    return;
  }
  quarter part = bytes.lo;
  if (count & 4) {
    *(quarter_unaligned *)elements = part;
    elements += 4;
    part = bytes.hi;
  }
  if (count & 2) {
    elements[0] = part.x;
    elements[1] = part.y;
    elements += 2;
    part.x = part.z;
  }
  if (count & 1) *elements = part.x;
}
#endif

#if defined(__AVX512VNNI__)
CVECTOR_SUMS(16)

/// Writes the first `count` sums, of 0 to 16, as outputs.
CVECTOR_INLINE void cvector_store_first_u8_16(
    cvector16 sum, cvector16 scale, float low, float high, int zero, void *_Nonnull to,
    long count) {
  typedef char plain __attribute__((vector_size(16)));
  __builtin_ia32_storedquqi128_mask(
      (plain *)to, (plain)cvector_as_u8_16(sum, scale, low, high, zero),
      (unsigned short)((1u << count) - 1));
}

/// `sum` and the products of four unsigned bytes of `left` and four signed ones of `right` in each lane.
CVECTOR_INLINE cvector16 cvector_dot_u8_s8_16(cvector16 sum, cvector16 left, cvector16 right) {
  typedef int plain __attribute__((vector_size(64)));
  return (cvector16)__builtin_ia32_vpdpbusd512((plain)sum, (plain)left, (plain)right);
}
#endif

#endif
#endif
