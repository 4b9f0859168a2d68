// SPDX-License-Identifier: Apache-2.0
// What Swift cannot say: CPU identification, the spin-loop hint, futex and affinity calls.
#ifndef CONVSCOPE_CPLATFORM_H
#define CONVSCOPE_CPLATFORM_H

#include <stdbool.h>
#include <stdint.h>

#include "CPlatformLoops.h"
#include "CPlatformProcess.h"
#include "CPlatformSignals.h"
#include "CPlatformValgrind.h"

/// Tells the core that this is a spin loop.
static inline void cplatform_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Sleeps while `*word == expected`; may return early. `*word` is shared within the process.
void cplatform_futex_wait(const uint32_t *word, uint32_t expected);
/// Wakes every thread that sleeps on `word`.
void cplatform_futex_wake_all(const uint32_t *word);

/// Restricts the calling thread to `cpu`; 0 on success, otherwise errno.
int cplatform_pin_current_thread(int cpu);
/// Restricts the calling thread to `count` CPUs; 0 on success, otherwise errno.
int cplatform_restrict_current_thread(const int *cpus, int count);
/// Writes the CPUs this process may use, in ascending order; returns how many, at most `capacity`.
int cplatform_allowed_cpus(int *cpus, int capacity);
/// As `cplatform_allowed_cpus`, for the calling thread.
int cplatform_current_thread_cpus(int *cpus, int capacity);
/// Whether `count` threads can run at once beside those there are; 0, or the errno of the refusal.
int cplatform_probe_threads(int count);
/// Takes back what was put into the environment for libraries, so that children do not see it.
void cplatform_restore_environment(void);
/// Kernel id of the calling thread.
int cplatform_thread_id(void);

/// Writes back and evicts `bytes` bytes from every cache of the machine.
void cplatform_evict(const void *start, uintptr_t bytes);

/// Puts the program's code into pages of memory that are drawn anew, at the same addresses; 0, or the errno
/// of the refusal, after which it lies where it lay.
int cplatform_draw_code_pages(void);

/// CPUID leaf; false where the architecture has none or the leaf does not exist.
bool cplatform_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]);
/// XCR0: which register states the operating system saves; 0 without XSAVE.
uint64_t cplatform_saved_register_states(void);
/// What Linux says that an arm64 CPU has (`AT_HWCAP`); 0 on other architectures.
uint64_t cplatform_hardware_capabilities(void);

#endif
