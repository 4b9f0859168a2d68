// SPDX-License-Identifier: Apache-2.0
#include "CPlatformValgrind.h"

#include <stdint.h>

// The numbers are part of Valgrind's interface: the core's own, then callgrind's, which are counted
// from the letters CT in the upper half.
enum {
  RUNNING_ON_VALGRIND = 0x1001,
  CALLGRIND_BASE = ('C' << 24) | ('T' << 16),
  DUMP_STATS = CALLGRIND_BASE,
  TOGGLE_COLLECT = CALLGRIND_BASE + 2,
  START_INSTRUMENTATION = CALLGRIND_BASE + 4,
  STOP_INSTRUMENTATION = CALLGRIND_BASE + 5,
};

/// A request is a sequence of instructions that changes nothing (rotations by 128 bits in all) and
/// that Valgrind knows; outside of it the answer stays 0.
static uint64_t request(uint64_t code) {
  uint64_t answer = 0;
#if defined(__x86_64__)
  volatile uint64_t words[6] = {code, 0, 0, 0, 0, 0};
  __asm__ volatile(
      "rolq $3, %%rdi\n\t"
      "rolq $13, %%rdi\n\t"
      "rolq $61, %%rdi\n\t"
      "rolq $51, %%rdi\n\t"
      "xchgq %%rbx, %%rbx"
      : "+d"(answer)
      : "a"(&words[0])
      : "cc", "memory");
#else
  (void)code;
#endif
  return answer;
}

bool cplatform_is_simulated(void) { return request(RUNNING_ON_VALGRIND) != 0; }
void cplatform_begin_simulation(void) { request(START_INSTRUMENTATION); }
void cplatform_end_simulation(void) { request(STOP_INSTRUMENTATION); }
void cplatform_toggle_counting(void) { request(TOGGLE_COLLECT); }
void cplatform_dump_counts(void) { request(DUMP_STATS); }
