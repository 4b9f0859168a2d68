// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CounterLoops.h"

#include <sched.h>

int cpapi_migrate(int moves) {
  cpu_set_t allowed, one;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 0;
  int cpus[2], found = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && found < 2; cpu++) {
    if (CPU_ISSET(cpu, &allowed)) cpus[found++] = cpu;
  }
  if (found < 2) return 0;
  // The first call only makes sure of where the moves begin.
  for (int move = 0; move <= moves; move++) {
    CPU_ZERO(&one);
    CPU_SET(cpus[move % 2], &one);
    if (sched_setaffinity(0, sizeof one, &one) != 0) moves = 0;
  }
  sched_setaffinity(0, sizeof allowed, &allowed);
  return moves;
}

// Written in assembly because their counts are: a compiler may unroll, vectorize or drop a loop.
#if defined(__x86_64__)

bool cpapi_has_loops(void) { return true; }

bool cpapi_has_fma(void) { return __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx"); }

void cpapi_loop_branches(uint64_t rounds) {
  __asm__ volatile(".balign 32\n1: dec %0\n jnz 1b" : "+r"(rounds) : : "cc");
}

void cpapi_loop_multiplications(uint64_t rounds) {
  // Multiplications, because recent cores do not execute a chain of additions of constants at all:
  // they add them up while renaming.
  uint64_t value = 3;
#define MULTIPLY "imul %1, %1\n"
#define FOUR(x) x x x x
  __asm__ volatile(".balign 32\n1:\n" FOUR(FOUR(MULTIPLY)) "dec %0\n jnz 1b"
                   : "+r"(rounds), "+r"(value)
                   :
                   : "cc");
}

__attribute__((target("avx,fma"))) void cpapi_loop_fma(uint64_t rounds) {
#define ZERO(n) "vxorps %%ymm" #n ", %%ymm" #n ", %%ymm" #n "\n"
#define FMA(n) "vfmadd231ps %%ymm0, %%ymm0, %%ymm" #n "\n"
#define EIGHT(x) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8)
  __asm__ volatile(ZERO(0) EIGHT(ZERO) ".balign 32\n1:\n" EIGHT(FMA) "dec %0\n jnz 1b\n vzeroupper"
                   : "+r"(rounds)
                   :
                   : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8");
}

void cpapi_loop_random_branches(const uint8_t *bits, uint64_t count) {
  if (count == 0) return;
  __asm__ volatile(
      ".balign 32\n1: testb $1, (%0)\n jz 2f\n nop\n2: inc %0\n dec %1\n jnz 1b"
      : "+r"(bits), "+r"(count)
      :
      : "cc", "memory");
}

const void *cpapi_chase(const void *start, uint64_t steps) {
  if (steps == 0) return start;
  __asm__ volatile(".balign 32\n1: mov (%0), %0\n dec %1\n jnz 1b"
                   : "+r"(start), "+r"(steps)
                   :
                   : "cc", "memory");
  return start;
}

#elif defined(__aarch64__)

bool cpapi_has_loops(void) { return true; }

bool cpapi_has_fma(void) { return true; }

void cpapi_loop_branches(uint64_t rounds) {
  __asm__ volatile(".balign 32\n1: subs %0, %0, #1\n b.ne 1b" : "+r"(rounds) : : "cc");
}

void cpapi_loop_multiplications(uint64_t rounds) {
  uint64_t value = 3;
  __asm__ volatile(".balign 32\n1:\n .rept 16\n mul %1, %1, %1\n .endr\n subs %0, %0, #1\n b.ne 1b"
                   : "+r"(rounds), "+r"(value)
                   :
                   : "cc");
}

void cpapi_loop_fma(uint64_t rounds) {
#define ZERO(n) "movi v" #n ".4s, #0\n"
#define FMA(n) "fmla v" #n ".4s, v0.4s, v0.4s\n"
#define EIGHT(x) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(16)
  __asm__ volatile(ZERO(0) EIGHT(ZERO) ".balign 32\n1:\n" EIGHT(FMA) EIGHT(FMA)
                   "subs %0, %0, #1\n b.ne 1b"
                   : "+r"(rounds)
                   :
                   : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v16");
}

void cpapi_loop_random_branches(const uint8_t *bits, uint64_t count) {
  if (count == 0) return;
  uint32_t byte;
  __asm__ volatile(
      ".balign 32\n1: ldrb %w2, [%0], #1\n tbz %w2, #0, 2f\n nop\n2: subs %1, %1, #1\n b.ne 1b"
      : "+r"(bits), "+r"(count), "=&r"(byte)
      :
      : "cc", "memory");
}

const void *cpapi_chase(const void *start, uint64_t steps) {
  if (steps == 0) return start;
  __asm__ volatile(".balign 32\n1: ldr %0, [%0]\n subs %1, %1, #1\n b.ne 1b"
                   : "+r"(start), "+r"(steps)
                   :
                   : "cc", "memory");
  return start;
}

#else

bool cpapi_has_loops(void) { return false; }
bool cpapi_has_fma(void) { return false; }
void cpapi_loop_branches(uint64_t rounds) { (void)rounds; }
void cpapi_loop_multiplications(uint64_t rounds) { (void)rounds; }
void cpapi_loop_fma(uint64_t rounds) { (void)rounds; }
void cpapi_loop_random_branches(const uint8_t *bits, uint64_t count) { (void)bits; (void)count; }
const void *cpapi_chase(const void *start, uint64_t steps) { (void)steps; return start; }

#endif
