// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

void cplatform_futex_wait(const uint32_t *word, uint32_t expected) {
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void cplatform_futex_wake_all(const uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

int cplatform_restrict_current_thread(const int *cpus, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int i = 0; i < count; i++) {
    // The set is an array of bits: a number beyond it would be written behind it.
    if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE) return EINVAL;
    CPU_SET(cpus[i], &set);
  }
  return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

int cplatform_pin_current_thread(int cpu) { return cplatform_restrict_current_thread(&cpu, 1); }

static int list_cpus(pid_t thread, int *cpus, int capacity) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(thread, sizeof set, &set) != 0) return 0;
  int count = 0;
  for (int cpu = 0; cpu < CPU_SETSIZE && count < capacity; cpu++) {
    if (CPU_ISSET(cpu, &set)) cpus[count++] = cpu;
  }
  return count;
}

int cplatform_allowed_cpus(int *cpus, int capacity) {
  // The process's mask is its main thread's; the caller may itself be pinned.
  return list_cpus(getpid(), cpus, capacity);
}

int cplatform_current_thread_cpus(int *cpus, int capacity) {
  return list_cpus(0, cpus, capacity);
}

int cplatform_thread_id(void) { return (int)syscall(SYS_gettid); }

void cplatform_evict(const void *start, uintptr_t bytes) {
  const uintptr_t line = 64;
  const uintptr_t end = (uintptr_t)start + bytes;
  for (uintptr_t at = (uintptr_t)start & ~(line - 1); at < end; at += line) {
#if defined(__x86_64__)
    __builtin_ia32_clflush((const void *)at);
#elif defined(__aarch64__)
    __asm__ volatile("dc civac, %0" : : "r"(at) : "memory");
#endif
  }
#if defined(__x86_64__)
  __builtin_ia32_mfence();
#elif defined(__aarch64__)
  __asm__ volatile("dsb sy" : : : "memory");
#endif
}

bool cplatform_cpuid(uint32_t leaf, uint32_t subleaf, uint32_t registers[4]) {
#if defined(__x86_64__)
  return __get_cpuid_count(leaf, subleaf, &registers[0], &registers[1], &registers[2],
                           &registers[3]) != 0;
#else
  (void)leaf; (void)subleaf; (void)registers;
  return false;
#endif
}

uint64_t cplatform_saved_register_states(void) {
#if defined(__x86_64__)
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) return 0;
  __asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return ((uint64_t)d << 32) | a;
#else
  return 0;
#endif
}

uint64_t cplatform_hardware_capabilities(void) {
#if defined(__aarch64__)
  return getauxval(AT_HWCAP);
#else
  return 0;
#endif
}

static void *wait_for_release(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

int cplatform_probe_threads(int count) {
  pthread_t *threads = calloc((size_t)count, sizeof *threads);
  if (!threads) return ENOMEM;
  pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&gate);
  int made = 0, failure = 0;
  while (made < count && !failure) {
    failure = pthread_create(&threads[made], NULL, wait_for_release, &gate);
    made += !failure;
  }
  pthread_mutex_unlock(&gate);
  for (int number = 0; number < made; number++) pthread_join(threads[number], NULL);
  free(threads);
  return failure;
}
