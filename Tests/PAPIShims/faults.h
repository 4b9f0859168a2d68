// SPDX-License-Identifier: Apache-2.0
// Faults on demand for stand-ins of libpapi. What should fail is written in the library's own file
// name, so that one process can load several that fail differently:
//
//   libpapi,fail=read,after=3,status=-5.so
//
// fail    function without PAPI_, several joined by +
// after   calls that still pass; for read and stop counted per event set, as probes use up calls
// status  what the function then answers
// only    `hardware`: only for event sets with hardware events (virtual library)
#ifndef CONVSCOPE_PAPI_FAULTS_H
#define CONVSCOPE_PAPI_FAULTS_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/// The value of `key` in this library's file name; NULL where it is not there.
static const char *setting(const char *key) {
  static _Thread_local char value[64];
  Dl_info self;
  if (!dladdr((void *)&setting, &self) || self.dli_fname == NULL) return NULL;
  const char *name = strrchr(self.dli_fname, '/');
  name = name != NULL ? name + 1 : self.dli_fname;
  for (const char *part = strchr(name, ','); part != NULL; part = strchr(part + 1, ',')) {
    size_t length = strlen(key);
    if (strncmp(part + 1, key, length) != 0 || part[1 + length] != '=') continue;
    size_t size = strcspn(part + 2 + length, ",");
    const char *suffix = strstr(part + 2 + length, ".so");
    if (suffix != NULL && (size_t)(suffix - (part + 2 + length)) < size) {
      size = (size_t)(suffix - (part + 2 + length));
    }
    if (size >= sizeof value) size = sizeof value - 1;
    memcpy(value, part + 2 + length, size);
    value[size] = '\0';
    return value;
  }
  return NULL;
}

/// The number of `key` in this library's file name.
static int number(const char *key, int otherwise) {
  const char *value = setting(key);
  return value != NULL ? atoi(value) : otherwise;
}

/// Whether `function` is among those that should fail.
static bool is_chosen(const char *function) {
  const char *chosen = setting("fail");
  size_t length = strlen(function);
  while (chosen != NULL && *chosen != '\0') {
    size_t size = strcspn(chosen, "+");
    if (size == length && strncmp(chosen, function, size) == 0) return true;
    chosen += size;
    if (*chosen == '+') chosen++;
  }
  return false;
}

/// Whether this call of `function`, the one after `*calls` others, should fail.
static bool should_fail(const char *function, atomic_int *calls) {
  if (!is_chosen(function)) return false;
  return atomic_fetch_add(calls, 1) >= number("after", 0);
}

/// The status of a failing call.
static int failing_status(void) { return number("status", -14); }

#define FAIL_IF_CHOSEN(function)                                    \
  do {                                                              \
    static atomic_int calls;                                        \
    if (should_fail(function, &calls)) return failing_status();     \
  } while (0)

enum { SETS = 4096 };
static atomic_int reads_of_set[SETS];
#define FAIL_SET_IF_CHOSEN(function, set)                                            \
  do {                                                                               \
    if ((set) >= 0 && (set) < SETS && should_fail(function, &reads_of_set[set])) {   \
      return failing_status();                                                       \
    }                                                                                \
  } while (0)

#endif
