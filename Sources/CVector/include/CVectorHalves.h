// SPDX-License-Identifier: Apache-2.0
// Numbers of 16 bits, two in each lane of 32: bf16.
//
// A vector of them has the type of a vector of floats, for it goes where floats go, through loads,
// registers and broadcasts; what a lane means is up to these functions.
#ifndef CONVSCOPE_CVECTOR_HALVES_H
#define CONVSCOPE_CVECTOR_HALVES_H

#if defined(__x86_64__)

typedef unsigned short cvector4_halves __attribute__((ext_vector_type(4)));
typedef unsigned short cvector4_halves_unaligned __attribute__((ext_vector_type(4), aligned(2)));

/// Writes the first `count` halves, of 0 to 3.
CVECTOR_INLINE void cvector_store_some_halves4(
    cvector4_halves v, unsigned short *_Nonnull to, long count) {
  if (count & 2) {
    to[0] = v.x;
    to[1] = v.y;
    to += 2;
    v.x = v.z;
  }
  if (count & 1) *to = v.x;
}

#if defined(__AVX2__)
typedef unsigned cvector8_bits __attribute__((ext_vector_type(8)));
typedef unsigned short cvector8_halves __attribute__((ext_vector_type(8)));
typedef unsigned short cvector8_halves_unaligned __attribute__((ext_vector_type(8), aligned(2)));

/// The first bf16 of each lane as a float.
CVECTOR_INLINE cvector8 cvector_first_bf16_8(cvector8 v) {
  return (cvector8)((cvector8_bits)v << 16);
}

/// The second bf16 of each lane as a float.
CVECTOR_INLINE cvector8 cvector_second_bf16_8(cvector8 v) {
  return (cvector8)((cvector8_bits)v & 0xffff0000u);
}

/// Floats rounded to bf16: to the nearest, of two the even one; NaN becomes quiet.
CVECTOR_INLINE cvector8_halves cvector_as_bf16_8(cvector8 v) {
  cvector8_bits bits = (cvector8_bits)v;
  cvector8_bits rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  cvector8_bits quiet = (bits >> 16) | 0x40u;
  cvector8_bits is_nan = (cvector8_bits)(v != v);
  return __builtin_convertvector((is_nan & quiet) | (~is_nan & rounded), cvector8_halves);
}

/// Writes floats as bf16.
CVECTOR_INLINE void cvector_store_bf16_8(cvector8 v, void *_Nonnull to) {
  *(cvector8_halves_unaligned *)to = cvector_as_bf16_8(v);
}

/// Writes the first `count` floats, of 0 to 8, as bf16.
CVECTOR_INLINE void cvector_store_first_bf16_8(cvector8 v, void *_Nonnull to, long count) {
  unsigned short *elements = (unsigned short *)to;
  cvector8_halves halves = cvector_as_bf16_8(v);
  if (count & 8) {
    *(cvector8_halves_unaligned *)elements = halves;
    return;
  }
  cvector4_halves part = halves.lo;
  if (count & 4) {
    *(cvector4_halves_unaligned *)elements = part;
    elements += 4;
    part = halves.hi;
  }
  cvector_store_some_halves4(part, elements, count);
}
#endif

#if defined(__AVX512BF16__)
typedef __bf16 cvector16_bf16 __attribute__((ext_vector_type(16)));
typedef __bf16 cvector16_bf16_unaligned __attribute__((ext_vector_type(16), aligned(2)));

/// Writes floats as bf16.
CVECTOR_INLINE void cvector_store_bf16_16(cvector16 v, void *_Nonnull to) {
  *(cvector16_bf16_unaligned *)to = __builtin_convertvector(v, cvector16_bf16);
}

/// Writes the first `count` floats, of 0 to 16, as bf16.
CVECTOR_INLINE void cvector_store_first_bf16_16(cvector16 v, void *_Nonnull to, long count) {
  typedef short plain __attribute__((vector_size(32)));
  __builtin_ia32_storedquhi256_mask(
      (plain *)to, (plain)__builtin_convertvector(v, cvector16_bf16),
      (unsigned short)((1u << count) - 1));
}

/// `sum` and the products of both bf16 of each lane; no product or sum below the smallest normal float.
CVECTOR_INLINE cvector16 cvector_dot_bf16_16(cvector16 sum, cvector16 left, cvector16 right) {
  typedef float plain __attribute__((vector_size(64)));
  typedef __bf16 pairs __attribute__((vector_size(64)));
  return (cvector16)__builtin_ia32_dpbf16ps_512((plain)sum, (pairs)left, (pairs)right);
}
#endif

#endif
#endif
