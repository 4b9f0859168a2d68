// SPDX-License-Identifier: Apache-2.0
// PAPI, loaded at run time, so that the program also runs where the library is not installed.
#ifndef CONVSCOPE_CPAPI_H
#define CONVSCOPE_CPAPI_H

#include <stdbool.h>
#include <stddef.h>

#include "CounterLoops.h"

/// The status codes we tell apart; checked against papi.h when this is compiled.
enum {
  CPAPI_OK = 0,
  CPAPI_EINVAL = -1,
  CPAPI_ENOMEM = -2,
  CPAPI_ESYS = -3,
  CPAPI_ECMP = -4,
  CPAPI_ENOEVNT = -7,
  CPAPI_ECNFLCT = -8,
  CPAPI_EISRUN = -10,
  CPAPI_EPERM = -15,
  CPAPI_EATTR = -22,
  CPAPI_ECMP_DISABLED = -25,
};

/// A loaded library and the functions found in it.
typedef struct cpapi_library cpapi_library;

/// Version of the header this was compiled against, as PAPI writes it (major in the top byte).
int cpapi_header_version(void);
/// Loads `path`, or where it is NULL the first of the usual names that loads. NULL on failure, with
/// the loader's words in `reason`. A library once loaded stays for the life of the process.
cpapi_library *cpapi_open(const char *path, char *reason, size_t capacity);
/// Starts the library and its thread support; a status code. The calling thread becomes known.
int cpapi_initialise(const cpapi_library *library);
/// Version of the loaded library; negative before it is started.
int cpapi_version(const cpapi_library *library);
/// The library's words for a status code; never NULL.
const char *cpapi_status_text(const cpapi_library *library, int status);

/// Makes the calling thread known to the library; it becomes unknown again with the last of as many
/// calls of `cpapi_unregister_thread` as there were successful registrations.
int cpapi_register_thread(const cpapi_library *library);
void cpapi_unregister_thread(const cpapi_library *library);

/// Code of a named event. Not safe on several threads at once (the library leaks).
int cpapi_event_code(const cpapi_library *library, const char *name, int *code);
/// An empty event set.
int cpapi_create_set(const cpapi_library *library, int *set);
int cpapi_add_event(const cpapi_library *library, int set, int code);
int cpapi_start(const cpapi_library *library, int set);
/// Writes one value per event, in the order they were added; counting goes on.
int cpapi_read(const cpapi_library *library, int set, long long *values);
int cpapi_stop(const cpapi_library *library, int set, long long *values);
/// Empties and frees a stopped set.
int cpapi_destroy_set(const cpapi_library *library, int *set);

/// Number of components, and whether one is disabled; `name` and `reason` are always terminated.
/// False where the loaded library's structures may differ from the header's.
int cpapi_component_count(const cpapi_library *library);
bool cpapi_component(const cpapi_library *library, int index, char *name, size_t name_capacity,
                     char *reason, size_t reason_capacity, int *status);
/// What the kernel says to a bare request for a counter of the calling thread's user code: 0 or
/// errno. `hardware` asks for instructions, otherwise for the task clock.
int cpapi_perf_event_errno(bool hardware);
/// Context switches of the calling thread so far, as the kernel accounts them; negative on failure.
long long cpapi_context_switches(void);
/// Kernel id of the calling thread.
unsigned long cpapi_thread_id(void);

#endif
