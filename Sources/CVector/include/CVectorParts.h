// SPDX-License-Identifier: Apache-2.0
// The first lanes of a vector, from and to memory.
//
// Written in Swift as a loop over lanes, each lane is a comparison, a branch and a move of one float.
// AVX-512 masks loads and stores. AVX2 does, too, but its masked store takes more than ten cycles on
// Zen; there a vector is stored in halves, quarters and single floats, by the bits of the count.
#ifndef CONVSCOPE_CVECTOR_PARTS_H
#define CONVSCOPE_CVECTOR_PARTS_H

typedef float cvector2 __attribute__((ext_vector_type(2)));
typedef float cvector2_unaligned __attribute__((ext_vector_type(2), aligned(4)));
typedef float cvector4_unaligned __attribute__((ext_vector_type(4), aligned(4)));

/// Writes the first `count` lanes, of 0 to 3.
CVECTOR_INLINE void cvector_store_some4(cvector4 v, float *_Nonnull to, long count) {
  if (count & 2) {
    *(cvector2_unaligned *)to = v.lo;
    to += 2;
    v.lo = v.hi;
  }
  if (count & 1) *to = v.x;
}

/// Writes the first `count` lanes, of 0 to 4.
CVECTOR_INLINE void cvector_store_first4(cvector4 v, void *_Nonnull to, long count) {
  if (count & 4) {
    *(cvector4_unaligned *)to = v;
  } else {
    cvector_store_some4(v, (float *)to, count);
  }
}

/// The first `count` lanes, of 0 to 4, the others zero.
CVECTOR_INLINE cvector4 cvector_load_first4(const void *_Nonnull from, long count) {
  const float *floats = (const float *)from;
  if (count & 4) return *(const cvector4_unaligned *)from;
  cvector4 v = {0, 0, 0, 0};
  if (count & 2) v.lo = *(const cvector2_unaligned *)floats;
  if (count == 1) v.x = floats[0];
  if (count == 3) v.z = floats[2];
  return v;
}

#if defined(__aarch64__)
/// A float in all lanes, for FMAs that take it from its lane.
///
/// LLVM prefers a load that fills all lanes, which is an operation of the FMA pipes as well; behind an
/// empty statement it cannot know that the float comes from memory.
CVECTOR_INLINE cvector4 cvector_broadcast4(const void *_Nonnull from) {
  float value = *(const float *)from;
  __asm__("" : "+w"(value));
  return (cvector4){value, value, value, value};
}
#endif

#if defined(__AVX2__)
typedef int cvector8_mask __attribute__((ext_vector_type(8)));
typedef float cvector8_unaligned __attribute__((ext_vector_type(8), aligned(4)));

/// Writes the first `count` lanes, of 0 to 8.
CVECTOR_INLINE void cvector_store_first8(cvector8 v, void *_Nonnull to, long count) {
  float *floats = (float *)to;
  if (count & 8) {
    *(cvector8_unaligned *)to = v;
    return;
  }
  cvector4 part = v.lo;
  if (count & 4) {
    *(cvector4_unaligned *)floats = part;
    floats += 4;
    part = v.hi;
  }
  cvector_store_some4(part, floats, count);
}

/// The first `count` lanes, of 0 to 8, the others zero.
CVECTOR_INLINE cvector8 cvector_load_first8(const void *_Nonnull from, long count) {
  const cvector8_mask lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const cvector8_mask mask = lanes < (int)count;
  typedef float plain __attribute__((vector_size(32)));
  typedef int plain_mask __attribute__((vector_size(32)));
  return (cvector8)__builtin_ia32_maskloadps256((const plain *)from, (plain_mask)mask);
}
#endif

#if defined(__AVX512F__)
/// Writes the first `count` lanes, of 0 to 16.
CVECTOR_INLINE void cvector_store_first16(cvector16 v, void *_Nonnull to, long count) {
  typedef float plain __attribute__((vector_size(64)));
  __builtin_ia32_storeups512_mask((float *)to, (plain)v, (unsigned short)((1u << count) - 1));
}

/// The first `count` lanes, of 0 to 16, the others zero.
CVECTOR_INLINE cvector16 cvector_load_first16(const void *_Nonnull from, long count) {
  typedef float plain __attribute__((vector_size(64)));
  const plain zeros = {0};
  return (cvector16)__builtin_ia32_loadups512_mask(
      (const float *)from, zeros, (unsigned short)((1u << count) - 1));
}
#endif

#endif
