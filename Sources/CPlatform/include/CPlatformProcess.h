// SPDX-License-Identifier: Apache-2.0
// Child processes that can be pinned, asked whether they ended, and killed with all they started.
#ifndef CONVSCOPE_CPLATFORM_PROCESS_H
#define CONVSCOPE_CPLATFORM_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

/// Makes a pipe whose ends no child inherits; 0 on success, otherwise errno.
int cplatform_pipe(int *read_end, int *write_end);
/// Makes reads and writes of `descriptor` return at once; 0 on success, otherwise errno.
int cplatform_never_block(int descriptor);

/// What a child process is started with.
struct cplatform_child {
  /// The program (found along PATH) and its arguments; ends with NULL.
  char *const *arguments;
  /// `NAME=value` words, ending with NULL; NULL for the caller's.
  char *const *environment;
  /// A `NAME=value` word that stands in its environment whatever that is; NULL for none.
  const char *mark;
  /// Where it runs; NULL for the caller's.
  const char *folder;
  /// The CPUs it is restricted to; the caller's where `cpu_count` is 0.
  const int *cpus;
  int cpu_count;
  /// Its standard streams. It has no other descriptor of the caller's.
  int input, output, error;
  /// Where it writes `+ ID`, its process group, before it begins; nowhere where negative.
  int registry;
};

/// Starts a child as the leader of a process group of its own, with default signal handling and no
/// signal blocked. 0 on success, otherwise errno; `pid` is then one that has ended, or 0.
int cplatform_spawn(const struct cplatform_child *child, int *pid);
/// A descriptor that can be read once the child has ended; negative where the kernel has none.
int cplatform_watch_process(int pid);
/// Whether the child has ended. It stays a zombie, so that its process group id is not reused:
/// `value` is the exit code, or the signal where `signalled`.
bool cplatform_has_ended(int pid, int *value, bool *signalled);
/// Removes an ended child from the process table; true where there was one.
bool cplatform_reap(int pid);
/// As `write`, but a closed pipe is only an error (EPIPE) and raises no signal.
/// Returns the bytes written, or minus errno.
long cplatform_write(int descriptor, const void *bytes, size_t count);
/// Waits until `output` or `error` can be read or has ended, `input` can be written, `process` has
/// ended, a signal came or `milliseconds` are over. A negative descriptor is ignored. Returns a
/// mask: 1 output, 2 error, 4 input, 8 process; 0 for the signal or the time.
int cplatform_await(int output, int error, int input, int process, int milliseconds);

#endif
