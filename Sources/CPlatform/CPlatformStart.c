// SPDX-License-Identifier: Apache-2.0
#include <stdbool.h>
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

static bool is_limited(void) {
  struct rlimit processes, memory;
  return (getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur < fewest_processes) ||
         (getrlimit(RLIMIT_AS, &memory) == 0 && memory.rlim_cur != RLIM_INFINITY);
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
