// SPDX-License-Identifier: Apache-2.0
// A libpapi without the real one: a PMU whose counts are known, for machines that have none.
//
// Each read of a set finds every event `weight` further than the read before, so an interval (two
// reads) counts exactly one weight. Beyond faults.h, the file name sets:
//
// counters   hardware events that fit into one set (default 4; 0 is a machine without a PMU)
// presets    0: presets are known by name and cannot be added
// frozen     1: hardware events stand still
// exclusive  1: one hardware set at a time counts, whichever thread it is on
#include "faults.h"

#include <papi.h>
#include <stdio.h>

enum { WIDEST = 32 };

static const struct {
  const char *name;
  bool hardware;
  long long weight;
} events[] = {
    {"PAPI_TOT_CYC", true, 2000},         {"PAPI_TOT_INS", true, 6000},
    {"PAPI_L1_DCM", true, 50},            {"PAPI_L2_DCM", true, 10},
    {"PAPI_BR_MSP", true, 3},             {"PAPI_BR_INS", true, 400},
    {"perf::CYCLES", true, 2000},         {"perf::INSTRUCTIONS", true, 6000},
    {"perf::TASK-CLOCK", false, 1000},    {"perf::PAGE-FAULTS", false, 7},
    {"perf::CONTEXT-SWITCHES", false, 0}, {"perf::CONTEXT-SWITCHES:u=1:k=1", false, 2},
    {"perf::CPU-CLOCK", false, 1001},
};
enum { EVENTS = sizeof events / sizeof events[0] };

static struct {
  int members[WIDEST];
  int count;
  bool running;
  long long reads;
} sets[SETS];
static atomic_int made;
static atomic_int hardware_sets_running;
static _Thread_local bool is_registered;
static _Thread_local int running_here;

static bool is_preset(int index) { return strncmp(events[index].name, "PAPI_", 5) == 0; }

static int code_of(int index) {
  return index | (is_preset(index) ? PAPI_PRESET_MASK : PAPI_NATIVE_MASK);
}

static int index_of(int code) { return code & ~(PAPI_PRESET_MASK | PAPI_NATIVE_MASK); }

static int hardware_events(int set) {
  int count = 0;
  for (int i = 0; i < sets[set].count; i++) count += events[sets[set].members[i]].hardware;
  return count;
}

static bool is_spared(int set) {
  const char *only = setting("only");
  return only != NULL && strcmp(only, "hardware") == 0 && hardware_events(set) == 0;
}

int PAPI_library_init(int version) {
  FAIL_IF_CHOSEN("library_init");
  is_registered = true;
  return version;
}

int PAPI_thread_init(unsigned long (*identify)(void)) {
  (void)identify;
  FAIL_IF_CHOSEN("thread_init");
  return PAPI_OK;
}

int PAPI_register_thread(void) {
  FAIL_IF_CHOSEN("register_thread");
  is_registered = true;
  return PAPI_OK;
}

int PAPI_unregister_thread(void) {
  is_registered = false;
  return PAPI_OK;
}

char *PAPI_strerror(int status) {
  static _Thread_local char text[32];
  snprintf(text, sizeof text, "virtual status %d", status);
  return text;
}

int PAPI_get_opt(int option, PAPI_option_t *value) {
  (void)value;
  return option == PAPI_LIB_VERSION ? PAPI_VERSION : PAPI_EINVAL;
}

int PAPI_event_name_to_code(const char *name, int *code) {
  FAIL_IF_CHOSEN("event_name_to_code");
  // The real library reads through a null pointer here.
  if (!is_registered) abort();
  for (int i = 0; i < EVENTS; i++) {
    if (strcmp(events[i].name, name) != 0) continue;
    *code = code_of(i);
    return PAPI_OK;
  }
  return PAPI_ENOEVNT;
}

int PAPI_create_eventset(int *set) {
  FAIL_IF_CHOSEN("create_eventset");
  int next = atomic_fetch_add(&made, 1);
  if (next >= SETS) return PAPI_ENOMEM;
  *set = next;
  return PAPI_OK;
}

int PAPI_add_event(int set, int code) {
  FAIL_IF_CHOSEN("add_event");
  int index = index_of(code);
  if (sets[set].count == WIDEST) return PAPI_ECOUNT;
  if (is_preset(index) && number("presets", 1) == 0) return PAPI_ENOEVNT;
  if (events[index].hardware) {
    int room = number("counters", 4);
    if (room == 0) return PAPI_ENOEVNT;
    if (hardware_events(set) == room) return PAPI_ECNFLCT;
  }
  sets[set].members[sets[set].count++] = index;
  return PAPI_OK;
}

int PAPI_start(int set) {
  if (!is_spared(set)) FAIL_IF_CHOSEN("start");
  if (running_here > 0) return PAPI_EISRUN;
  if (hardware_events(set) > 0) {
    int others = atomic_fetch_add(&hardware_sets_running, 1);
    if (others > 0 && number("exclusive", 0) == 1) {
      atomic_fetch_sub(&hardware_sets_running, 1);
      return PAPI_ECNFLCT;
    }
  }
  running_here++;
  sets[set].running = true;
  return PAPI_OK;
}

static void look(int set, long long *values) {
  long long steps = ++sets[set].reads;
  for (int i = 0; i < sets[set].count; i++) {
    int index = sets[set].members[i];
    bool frozen = events[index].hardware && number("frozen", 0) == 1;
    values[i] = frozen ? 0 : steps * events[index].weight;
  }
}

int PAPI_read(int set, long long *values) {
  if (!is_spared(set)) FAIL_SET_IF_CHOSEN("read", set);
  if (!sets[set].running) return PAPI_ENOTRUN;
  look(set, values);
  return PAPI_OK;
}

int PAPI_stop(int set, long long *values) {
  if (!sets[set].running) return PAPI_ENOTRUN;
  look(set, values);
  sets[set].running = false;
  running_here--;
  if (hardware_events(set) > 0) atomic_fetch_sub(&hardware_sets_running, 1);
  return PAPI_OK;
}

int PAPI_cleanup_eventset(int set) {
  if (sets[set].running) return PAPI_EISRUN;
  sets[set].count = 0;
  return PAPI_OK;
}

int PAPI_destroy_eventset(int *set) {
  *set = PAPI_NULL;
  return PAPI_OK;
}

int PAPI_num_components(void) { return 1; }

const PAPI_component_info_t *PAPI_get_component_info(int index) {
  (void)index;
  return NULL;
}
