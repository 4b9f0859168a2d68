// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CPlatformProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
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

static int spawn_here(char *const arguments[], int input, int output, int error, int *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  // dup2 clears close-on-exec on the copies; the originals close themselves.
  posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_adddup2(&actions, error, 2);
  // Libraries open files without close-on-exec; none of them is the child's business.
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  int result = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  *pid = (int)child;
  return result;
}

int cplatform_spawn(char *const arguments[], const int *cpus, int cpu_count, int input, int output,
                    int error, int *pid) {
  if (cpu_count == 0) return spawn_here(arguments, input, output, error, pid);
  // A child inherits the mask of the thread that starts it, so this thread wears it for a moment:
  // the child is restricted before its first instruction, and so is every thread it makes.
  cpu_set_t before, wanted;
  CPU_ZERO(&wanted);
  for (int i = 0; i < cpu_count; i++) {
    if (cpus[i] < 0 || cpus[i] >= CPU_SETSIZE) return EINVAL;
    CPU_SET(cpus[i], &wanted);
  }
  if (sched_getaffinity(0, sizeof before, &before) != 0) return errno;
  if (sched_setaffinity(0, sizeof wanted, &wanted) != 0) return errno;
  int result = spawn_here(arguments, input, output, error, pid);
  sched_setaffinity(0, sizeof before, &before);
  return result;
}

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

int cplatform_await(int output, int error, int input, int milliseconds) {
  struct pollfd waits[3] = {{output, POLLIN, 0}, {error, POLLIN, 0}, {input, POLLOUT, 0}};
  if (poll(waits, 3, milliseconds) <= 0) return 0;
  return (waits[0].revents ? 1 : 0) | (waits[1].revents ? 2 : 0) | (waits[2].revents ? 4 : 0);
}
