// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPAPI.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <papi.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(CPAPI_OK == PAPI_OK && CPAPI_EINVAL == PAPI_EINVAL && CPAPI_ENOMEM == PAPI_ENOMEM
                   && CPAPI_ESYS == PAPI_ESYS && CPAPI_ECMP == PAPI_ECMP
                   && CPAPI_ENOEVNT == PAPI_ENOEVNT && CPAPI_ECNFLCT == PAPI_ECNFLCT
                   && CPAPI_EISRUN == PAPI_EISRUN && CPAPI_EPERM == PAPI_EPERM
                   && CPAPI_EATTR == PAPI_EATTR && CPAPI_ECMP_DISABLED == PAPI_ECMP_DISABLED,
               "the status codes of CPAPI.h follow papi.h");

// One line per function: its pointer's type follows from papi.h, its name is looked up at run time.
#define FUNCTIONS(X)                                                                             \
  X(library_init) X(thread_init) X(register_thread) X(unregister_thread) X(strerror) X(get_opt)  \
  X(event_name_to_code)                                                                          \
  X(create_eventset) X(add_event) X(start) X(read) X(stop) X(cleanup_eventset)                   \
  X(destroy_eventset) X(num_components) X(get_component_info)

struct cpapi_library {
#define DECLARE(name) __typeof__(&PAPI_##name) name;
  FUNCTIONS(DECLARE)
#undef DECLARE
  cpapi_library *before;
};

// The library that was opened last: all that are loaded stay in reach.
static cpapi_library *_Atomic latest;

int cpapi_header_version(void) { return PAPI_VER_CURRENT; }

unsigned long cpapi_thread_id(void) { return (unsigned long)syscall(SYS_gettid); }

static void *load(const char *path, char *reason, size_t capacity) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) snprintf(reason, capacity, "%s", dlerror());
  return handle;
}

static void *load_usual(char *reason, size_t capacity) {
  char names[3][32];
  int major = PAPI_VERSION_MAJOR(PAPI_VERSION), minor = PAPI_VERSION_MINOR(PAPI_VERSION);
  snprintf(names[0], sizeof names[0], "libpapi.so.%d.%d", major, minor);
  snprintf(names[1], sizeof names[1], "libpapi.so.%d", major);
  snprintf(names[2], sizeof names[2], "libpapi.so");
  void *handle = NULL;
  // The last name comes with the development package and may lead to a newer minor version; the
  // first name's failure is the one worth telling.
  char ignored[256];
  for (int i = 0; i < 3 && handle == NULL; i++) {
    handle = load(names[i], i == 0 ? reason : ignored, i == 0 ? capacity : sizeof ignored);
  }
  return handle;
}

cpapi_library *cpapi_open(const char *path, char *reason, size_t capacity) {
  void *handle = path != NULL ? load(path, reason, capacity) : load_usual(reason, capacity);
  if (handle == NULL) return NULL;
  cpapi_library *library = calloc(1, sizeof *library);
  if (library == NULL) {
    snprintf(reason, capacity, "out of memory");
    return NULL;
  }
#define LOOK_UP(name)                                                     \
  library->name = (__typeof__(library->name))dlsym(handle, "PAPI_" #name); \
  if (library->name == NULL) {                                            \
    snprintf(reason, capacity, "it has no function PAPI_" #name);         \
    free(library);                                                        \
    return NULL;                                                          \
  }
  FUNCTIONS(LOOK_UP)
#undef LOOK_UP
  library->before = atomic_exchange(&latest, library);
  return library;
}

int cpapi_initialise(const cpapi_library *library) {
  int version = library->library_init(PAPI_VER_CURRENT);
  // It answers with a version, or with a negative status; a positive version that is not ours is
  // a library that could not be started as the one we know.
  if (version < 0) return version;
  if (PAPI_VERSION_MAJOR(version) != PAPI_VERSION_MAJOR(PAPI_VERSION)) return PAPI_EINVAL;
  return library->thread_init(cpapi_thread_id);
}

int cpapi_version(const cpapi_library *library) {
  return library->get_opt(PAPI_LIB_VERSION, NULL);
}

const char *cpapi_status_text(const cpapi_library *library, int status) {
  const char *text = library->strerror(status);
  return text != NULL ? text : "unknown status";
}

// The library forgets a thread together with every event set on it, so only the last of several
// users may ask for that.
static _Thread_local int users_of_thread;

int cpapi_register_thread(const cpapi_library *library) {
  int status = library->register_thread();
  if (status == PAPI_OK) users_of_thread++;
  return status;
}

void cpapi_unregister_thread(const cpapi_library *library) {
  if (users_of_thread > 0 && --users_of_thread == 0) library->unregister_thread();
}

int cpapi_event_code(const cpapi_library *library, const char *name, int *code) {
  return library->event_name_to_code(name, code);
}

int cpapi_create_set(const cpapi_library *library, int *set) {
  *set = PAPI_NULL;
  return library->create_eventset(set);
}

int cpapi_add_event(const cpapi_library *library, int set, int code) {
  return library->add_event(set, code);
}

int cpapi_start(const cpapi_library *library, int set) { return library->start(set); }

int cpapi_read(const cpapi_library *library, int set, long long *values) {
  return library->read(set, values);
}

int cpapi_stop(const cpapi_library *library, int set, long long *values) {
  return library->stop(set, values);
}

int cpapi_destroy_set(const cpapi_library *library, int *set) {
  int emptied = library->cleanup_eventset(*set);
  int destroyed = library->destroy_eventset(set);
  return emptied != PAPI_OK ? emptied : destroyed;
}

/// Whether structures of the loaded library are laid out as the header says.
static bool layout_is_known(const cpapi_library *library) {
  int loaded = cpapi_version(library);
  return PAPI_VERSION_MAJOR(loaded) == PAPI_VERSION_MAJOR(PAPI_VERSION)
         && PAPI_VERSION_MINOR(loaded) == PAPI_VERSION_MINOR(PAPI_VERSION);
}

int cpapi_component_count(const cpapi_library *library) {
  int count = library->num_components();
  return count < 0 ? 0 : count;
}

bool cpapi_component(const cpapi_library *library, int index, char *name, size_t name_capacity,
                     char *reason, size_t reason_capacity, int *status) {
  if (!layout_is_known(library)) return false;
  const PAPI_component_info_t *info = library->get_component_info(index);
  if (info == NULL) return false;
  snprintf(name, name_capacity, "%s", info->name);
  snprintf(reason, reason_capacity, "%s", info->disabled ? info->disabled_reason : "");
  *status = info->disabled;
  return true;
}

int cpapi_perf_event_errno(bool hardware) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = hardware ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
  attributes.config = hardware ? PERF_COUNT_HW_INSTRUCTIONS : PERF_COUNT_SW_TASK_CLOCK;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  int descriptor = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

long long cpapi_context_switches(void) {
  struct rusage usage;
  if (getrusage(RUSAGE_THREAD, &usage) != 0) return -1;
  return (long long)usage.ru_nvcsw + usage.ru_nivcsw;
}
