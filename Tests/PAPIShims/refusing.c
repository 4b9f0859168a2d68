// SPDX-License-Identifier: Apache-2.0
// Runs a program to which the kernel refuses perf_event_open, as a container's profile does:
//
//   refusing ERRNO PROGRAM ARGUMENT…
//   refusing ERRNO --paranoid N PROGRAM ARGUMENT…
//
// A seccomp filter answers the call with ERRNO. With --paranoid, which needs root, the program also
// sees N in /proc/sys/kernel/perf_event_paranoid, in a mount namespace of its own, and runs as
// nobody: what it meets on a machine with that setting. Ends with 77 where this cannot be arranged.
#define _GNU_SOURCE
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { cannot_arrange = 77, nobody = 65534 };

static int filter_calls(int code) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (code & SECCOMP_RET_DATA)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int pretend(const char *paranoid) {
  char path[] = "/tmp/paranoid-XXXXXX";
  int file = mkstemp(path);
  if (file < 0 || write(file, paranoid, strlen(paranoid)) < 0 || fchmod(file, 0444)) return 1;
  close(file);
  int failed = unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
               mount(path, "/proc/sys/kernel/perf_event_paranoid", NULL, MS_BIND, NULL);
  unlink(path);
  return failed || setgid(nobody) || setuid(nobody);
}

int main(int count, char **words) {
  if (count < 3) return cannot_arrange;
  int program = 2;
  if (count > 4 && strcmp(words[2], "--paranoid") == 0) {
    if (pretend(words[3])) return cannot_arrange;
    program = 4;
  }
  if (filter_calls(atoi(words[1]))) return cannot_arrange;
  execv(words[program], words + program);
  return cannot_arrange;
}
