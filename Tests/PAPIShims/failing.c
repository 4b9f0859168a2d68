// SPDX-License-Identifier: Apache-2.0
// Stands before the installed libpapi and makes calls fail as faults.h says.
#include "faults.h"

#include <papi.h>

/// The function of the installed library.
static void *real(const char *name) {
  static void *library;
  if (library == NULL) library = dlopen("libpapi.so.7.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) library = dlopen("libpapi.so", RTLD_NOW | RTLD_LOCAL);
  return library != NULL ? dlsym(library, name) : NULL;
}

#define FORWARD(function, result, missing, parameters, arguments)                           \
  result PAPI_##function parameters {                                                       \
    __typeof__(&PAPI_##function) call = (__typeof__(&PAPI_##function))real("PAPI_" #function); \
    return call != NULL ? call arguments : missing;                                         \
  }

#define FORWARD_OR_FAIL(function, parameters, arguments)                                       \
  int PAPI_##function parameters {                                                             \
    FAIL_IF_CHOSEN(#function);                                                                 \
    __typeof__(&PAPI_##function) call = (__typeof__(&PAPI_##function))real("PAPI_" #function); \
    return call != NULL ? call arguments : PAPI_ENOINIT;                                       \
  }

#define FORWARD_SET_OR_FAIL(function)                                                          \
  int PAPI_##function(int set, long long *values) {                                            \
    FAIL_SET_IF_CHOSEN(#function, set);                                                        \
    __typeof__(&PAPI_##function) call = (__typeof__(&PAPI_##function))real("PAPI_" #function); \
    return call != NULL ? call(set, values) : PAPI_ENOINIT;                                    \
  }

FORWARD_OR_FAIL(library_init, (int version), (version))
FORWARD_OR_FAIL(thread_init, (unsigned long (*identify)(void)), (identify))
FORWARD_OR_FAIL(register_thread, (void), ())
FORWARD_OR_FAIL(unregister_thread, (void), ())
FORWARD_OR_FAIL(get_opt, (int option, PAPI_option_t *value), (option, value))
FORWARD_OR_FAIL(event_name_to_code, (const char *name, int *code), (name, code))
FORWARD_OR_FAIL(create_eventset, (int *set), (set))
FORWARD_OR_FAIL(add_event, (int set, int code), (set, code))
FORWARD_OR_FAIL(start, (int set), (set))
FORWARD_SET_OR_FAIL(read)
FORWARD_SET_OR_FAIL(stop)
FORWARD_OR_FAIL(cleanup_eventset, (int set), (set))
FORWARD_OR_FAIL(destroy_eventset, (int *set), (set))
FORWARD(num_components, int, 0, (void), ())
FORWARD(strerror, char *, NULL, (int status), (status))
FORWARD(get_component_info, const PAPI_component_info_t *, NULL, (int index), (index))
