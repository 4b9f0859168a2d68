// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPlatformSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stop_signal, stops_politely;
static struct timespec stopped_at;
static int code_at_once;

// One wish can arrive as two signals: timeout(1) sends one to the process and one to its group, and
// so does a supervisor beside a parent that passes them on.
static const double one_wish_seconds = 0.2;

// Whoever stops politely looks at the wish between two steps, and one step of preparing or checking
// a large problem takes seconds. What is on disk by then is whole, as after a kill.
static const struct itimerval longest_politeness = {.it_value = {.tv_sec = 1, .tv_usec = 500000}};

static double since_first(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - stopped_at.tv_sec) + 1e-9 * (double)(now.tv_nsec - stopped_at.tv_nsec);
}

static const char no_time_left[] =
  "convscope: the CPU time of this process is used up (ulimit -t)\n";

// CPU seconds between being asked to stop and being killed without a word.
static const rlim_t seconds_to_stop = 2;

static void take_signal(int number) {
  // The kernel repeats this one each second.
  if (number == SIGXCPU && stop_signal == 0) {
    (void)!write(STDERR_FILENO, no_time_left, sizeof no_time_left - 1);
  }
  if (!stops_politely) _exit(code_at_once);
  if (stop_signal != 0) {
    if (since_first() > one_wish_seconds) _exit(code_at_once);
    return;
  }
  clock_gettime(CLOCK_MONOTONIC, &stopped_at);
  stop_signal = number;
  setitimer(ITIMER_REAL, &longest_politeness, NULL);
}

// ulimit -t makes both limits the same, and then the first signal would be a kill.
static void be_asked_before_killed(void) {
  struct rlimit time;
  if (getrlimit(RLIMIT_CPU, &time) != 0 || time.rlim_max == RLIM_INFINITY) return;
  if (time.rlim_max <= seconds_to_stop || time.rlim_cur < time.rlim_max) return;
  time.rlim_cur = time.rlim_max - seconds_to_stop;
  setrlimit(RLIMIT_CPU, &time);
}

static void end_at_once(int number) {
  (void)number;
  _exit(code_at_once);
}

void cplatform_take_stop_signals(int code) {
  code_at_once = code;
  be_asked_before_killed();
  struct sigaction action = {.sa_handler = take_signal, .sa_flags = SA_RESTART};
  const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGXCPU};
  // One after the other: a second signal finds the first one's handler done.
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    sigaddset(&action.sa_mask, numbers[i]);
  }
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction before;
    sigaction(numbers[i], NULL, &before);
    // nohup(1) wants a lost terminal to mean nothing.
    if (numbers[i] == SIGHUP && before.sa_handler == SIG_IGN) continue;
    sigaction(numbers[i], &action, NULL);
  }
  struct sigaction end = {.sa_handler = end_at_once};
  sigaction(SIGALRM, &end, NULL);
}

void cplatform_stop_politely(void) { stops_politely = 1; }

int cplatform_stop_signal(void) { return stop_signal; }

void cplatform_errors_not_signals(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

bool cplatform_open_standard_streams(void) {
  bool had_output = fcntl(STDOUT_FILENO, F_GETFD) >= 0;
  for (int stream = 0; stream < 3; stream++) {
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF) open("/dev/null", O_RDWR);
  }
  return had_output;
}
