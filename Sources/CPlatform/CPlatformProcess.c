// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPlatformProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

int cplatform_pipe(int *read_end, int *write_end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}

int cplatform_never_block(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return errno;
  return fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0 ? 0 : errno;
}

// A child is made by vfork: it costs the same however much memory this process has, and nothing is
// copied when either writes. Until it becomes the program it shares our memory, so the functions
// below change nothing but their own variables and call nothing but the kernel.

static void register_group(int registry) {
  char line[16];
  int place = sizeof line;
  line[--place] = '\n';
  for (int rest = getpid(); rest > 0; rest /= 10) line[--place] = (char)('0' + rest % 10);
  line[--place] = ' ';
  line[--place] = '+';
  // What this cannot say, nobody could mend: the child is then ended by its parent alone.
  if (write(registry, line + place, sizeof line - (size_t)place) < 0) return;
}

static void close_from(unsigned first) {
  if (syscall(SYS_close_range, first, ~0U, 0) == 0) return;
  for (int descriptor = (int)first; descriptor < 65536; descriptor++) close(descriptor);
}

static void default_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &action, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static int become(const struct cplatform_child *child, char *const *environment) {
  setpgid(0, 0);
  // Before the first instruction of the program, so that there is no moment in which nobody knows.
  if (child->registry >= 0) register_group(child->registry);
  if (child->cpu_count > 0) {
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    for (int i = 0; i < child->cpu_count; i++) {
      if (child->cpus[i] < 0 || child->cpus[i] >= CPU_SETSIZE) return EINVAL;
      CPU_SET(child->cpus[i], &wanted);
    }
    if (sched_setaffinity(0, sizeof wanted, &wanted) != 0) return errno;
  }
  if (child->folder != NULL && chdir(child->folder) != 0) return errno;
  int streams[3] = {child->input, child->output, child->error};
  // Out of the way first: one stream may come from where another one goes.
  for (int i = 0; i < 3; i++) {
    if (streams[i] < 3) streams[i] = fcntl(streams[i], F_DUPFD, 3);
  }
  for (int i = 0; i < 3; i++) {
    if (dup2(streams[i], i) < 0) return errno;
  }
  // Libraries open files without close-on-exec; none of them is the child's business.
  close_from(3);
  default_signals();
  execvpe(child->arguments[0], child->arguments, environment);
  return errno;
}

// The words that `child` begins with, for `free`; NULL without memory.
static char **marked_environment(const struct cplatform_child *child) {
  char *const *given = child->environment != NULL ? child->environment : environ;
  const size_t name = child->mark != NULL ? strcspn(child->mark, "=") + 1 : 0;
  size_t count = 0, kept = 0;
  while (given[count] != NULL) count++;
  char **words = calloc(count + 2, sizeof *words);
  if (words == NULL) return NULL;
  for (size_t i = 0; i < count; i++) {
    if (name == 0 || strncmp(given[i], child->mark, name) != 0) words[kept++] = given[i];
  }
  if (name != 0) words[kept] = (char *)child->mark;
  return words;
}

int cplatform_spawn(const struct cplatform_child *child, int *pid) {
  volatile int failure = 0;
  sigset_t all, before;
  char **environment = marked_environment(child);
  if (environment == NULL) return ENOMEM;
  sigfillset(&all);
  // A handler that ran in the child would change our memory.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t started = vfork();
  if (started == 0) {
    failure = become(child, environment);
    _exit(127);
  }
  int refused = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  free(environment);
  if (started < 0) return refused;
  *pid = (int)started;
  if (failure != 0) {
    while (waitpid(started, NULL, 0) < 0 && errno == EINTR) {}
  }
  return failure;
}

int cplatform_watch_process(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

bool cplatform_has_ended(int pid, int *value, bool *signalled) {
  siginfo_t info;
  info.si_pid = 0;
  if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) {
    return false;
  }
  *value = info.si_status;
  *signalled = info.si_code != CLD_EXITED;
  return true;
}

bool cplatform_reap(int pid) { return waitpid(pid, NULL, WNOHANG) == pid; }

long cplatform_write(int descriptor, const void *bytes, size_t count) {
  sigset_t pipe_signal, before, pending;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  sigpending(&pending);
  // The signal is kept from this thread alone: how the program treats it elsewhere is not ours.
  pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  long written = write(descriptor, bytes, count);
  int reason = errno;
  if (written < 0 && reason == EPIPE && !sigismember(&pending, SIGPIPE)) {
    const struct timespec none = {0, 0};
    while (sigtimedwait(&pipe_signal, NULL, &none) < 0 && errno == EINTR) {}
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return written >= 0 ? written : -reason;
}

int cplatform_await(int output, int error, int input, int process, int milliseconds) {
  struct pollfd waits[4] = {
      {output, POLLIN, 0}, {error, POLLIN, 0}, {input, POLLOUT, 0}, {process, POLLIN, 0}};
  if (poll(waits, 4, milliseconds) <= 0) return 0;
  int ready = 0;
  for (int i = 0; i < 4; i++) ready |= waits[i].revents ? 1 << i : 0;
  return ready;
}
