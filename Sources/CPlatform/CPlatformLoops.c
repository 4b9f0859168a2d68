// SPDX-License-Identifier: Apache-2.0
#include "CPlatformLoops.h"

void cplatform_add_chain(uint64_t rounds) {
  uint64_t sum = 0;
  // From a register: some CPUs fold additions of constants away before they execute them.
  const uint64_t one = 1;
  for (; rounds > 0; rounds--) {
#if defined(__x86_64__)
    __asm__ volatile(".rept 64\n\taddq %1, %0\n\t.endr" : "+r"(sum) : "r"(one) : "cc");
#elif defined(__aarch64__)
    __asm__ volatile(".rept 64\n\tadd %0, %0, %1\n\t.endr" : "+r"(sum) : "r"(one));
#else
    for (int step = 0; step < CPLATFORM_ADDS_PER_ROUND; step++) {
      __asm__ volatile("" : "+r"(sum));
      sum += one;
    }
#endif
  }
  __asm__ volatile("" : : "r"(sum));
}

#if defined(__x86_64__)

bool cplatform_has_scalar_fma(void) { return __builtin_cpu_supports("fma"); }

void cplatform_scalar_fma(uint64_t rounds) {
  // 0 · 0 + 0 stays finite for ever; 12 chains are enough for two pipes of latency 5.
  __asm__ volatile(
      "vxorps %%xmm12, %%xmm12, %%xmm12\n\t"
      "vxorps %%xmm13, %%xmm13, %%xmm13\n\t"
      ".irp n,0,1,2,3,4,5,6,7,8,9,10,11\n\t"
      "vxorps %%xmm\\n, %%xmm\\n, %%xmm\\n\n\t"
      ".endr\n\t"
      "1:\n\t"
      ".rept 4\n\t"
      ".irp n,0,1,2,3,4,5,6,7,8,9,10,11\n\t"
      "vfmadd231ss %%xmm12, %%xmm13, %%xmm\\n\n\t"
      ".endr\n\t"
      ".endr\n\t"
      "decq %0\n\t"
      "jnz 1b"
      : "+r"(rounds)
      :
      : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11", "xmm12", "xmm13");
}

#elif defined(__aarch64__)

bool cplatform_has_scalar_fma(void) { return true; }

void cplatform_scalar_fma(uint64_t rounds) {
  __asm__ volatile(
      ".irp n,0,1,2,3,4,5,6,7,16,17,18,19,20,21\n\t"
      "movi v\\n\\().4s, #0\n\t"
      ".endr\n\t"
      "1:\n\t"
      ".rept 4\n\t"
      ".irp n,0,1,2,3,4,5,6,7,16,17,18,19\n\t"
      "fmadd s\\n, s20, s21, s\\n\n\t"
      ".endr\n\t"
      ".endr\n\t"
      "subs %0, %0, #1\n\t"
      "b.ne 1b"
      : "+r"(rounds)
      :
      : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16", "v17", "v18", "v19", "v20",
        "v21");
}

#else

bool cplatform_has_scalar_fma(void) { return false; }
void cplatform_scalar_fma(uint64_t rounds) { (void)rounds; }

#endif
