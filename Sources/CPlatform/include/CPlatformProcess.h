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
/// Starts `arguments[0]` (found along PATH) as the leader of a process group of its own,
/// restricted to `cpus` (to the caller's where `cpu_count` is 0), with the given standard input,
/// output and error, default signal handling and no signal blocked. `arguments` ends with NULL.
/// 0 on success, otherwise errno.
int cplatform_spawn(char *const arguments[], const int *cpus, int cpu_count, int input, int output,
                    int error, int *pid);
/// Whether the child has ended. It stays a zombie, so that its process group id is not reused:
/// `value` is the exit code, or the signal where `signalled`.
bool cplatform_has_ended(int pid, int *value, bool *signalled);
/// Removes an ended child from the process table; true where there was one.
bool cplatform_reap(int pid);
/// As `write`, but a closed pipe is only an error (EPIPE) and raises no signal.
/// Returns the bytes written, or minus errno.
long cplatform_write(int descriptor, const void *bytes, size_t count);
/// Waits until `output` or `error` can be read or has ended, `input` can be written, or
/// `milliseconds` are over. A negative descriptor is ignored. Returns a mask: 1 output, 2 error,
/// 4 input; 0 after the time.
int cplatform_await(int output, int error, int input, int milliseconds);

#endif
