// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "CPlatform.h"

// OpenBLAS makes a thread per CPU when it is loaded, before `main`: where the system makes none it
// ends the process by a signal, and where memory is short one of its threads never returns. Here each
// worker calls it by itself, so it needs none; but it must be told in the environment before its
// constructor runs. Only `.preinit_array` of a program comes before those of libraries, and what it
// puts into the environment is overwritten by libc's own start. So under such limits the program
// begins once more with that word in its environment, which costs some milliseconds.

static const char threads[] = "OPENBLAS_NUM_THREADS";
static const char ours[] = "CONVSCOPE_ONE_BLAS_THREAD";
// Fewer processes of a user than this may leave none for a library's threads.
enum { fewest_processes = 1024 };

static bool read_text(const char *file, char *text, size_t size) {
  int descriptor = open(file, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  ssize_t count = read(descriptor, text, size - 1);
  close(descriptor);
  if (count <= 0) return false;
  text[count] = 0;
  return true;
}

// Whether the group `path` below `mount`, or one above it, may have few processes. In a container the
// path is often that of the host, and its own group lies at the mount's root.
static bool is_group_limited(const char *mount, char *path) {
  char *last;
  do {
    char file[PATH_MAX], text[32];
    snprintf(file, sizeof file, "%s%s/pids.max", mount, path);
    // What has no limit says "max", which is no number.
    long most = read_text(file, text, sizeof text) ? strtol(text, NULL, 10) : 0;
    if (most > 0 && most < fewest_processes) return true;
    last = strrchr(path, '/');
    if (last) *last = 0;
  } while (last);
  return false;
}

// Whether a control group leaves few processes; lines are `4:pids:/some/group` or `0::/some/group`.
static bool has_limited_group(void) {
  char groups[4096];
  if (!read_text("/proc/self/cgroup", groups, sizeof groups)) return false;
  for (char *line = strtok(groups, "\n"); line; line = strtok(NULL, "\n")) {
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) continue;
    bool is_unified = path == controllers + 1;
    *path++ = 0;
    if (!is_unified && !strstr(controllers, "pids")) continue;
    if (is_group_limited(is_unified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/pids", path)) return true;
  }
  return false;
}

static bool is_limited(void) {
  struct rlimit processes, memory, data;
  return (getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur < fewest_processes) ||
         (getrlimit(RLIMIT_AS, &memory) == 0 && memory.rlim_cur != RLIM_INFINITY) ||
         (getrlimit(RLIMIT_DATA, &data) == 0 && data.rlim_cur != RLIM_INFINITY) ||
         has_limited_group();
}

static void begin_without_threads(int count, char **arguments, char **environment) {
  (void)count;
  int words = 0;
  for (; environment[words]; words++)
    if (strncmp(environment[words], threads, sizeof threads - 1) == 0) return;
  if (!is_limited()) return;
  char *more[words + 3];
  memcpy(more, environment, (size_t)words * sizeof *more);
  more[words] = "OPENBLAS_NUM_THREADS=1";
  more[words + 1] = "CONVSCOPE_ONE_BLAS_THREAD=1";
  more[words + 2] = NULL;
  // Where that fails, the libraries start as they would have.
  execve("/proc/self/exe", arguments, more);
}

__attribute__((section(".preinit_array"), used)) static void (*const before_libraries)(
    int, char **, char **) = begin_without_threads;

void cplatform_restore_environment(void) {
  if (!getenv(ours)) return;
  unsetenv(threads);
  unsetenv(ours);
}
