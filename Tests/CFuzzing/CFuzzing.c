// SPDX-License-Identifier: Apache-2.0

#include "CFuzzing.h"

// Declared by no header of the toolchain; part of libclang_rt.fuzzer_no_main.
extern int LLVMFuzzerRunDriver(int *count, char ***arguments, cfuzzing_target target);

int cfuzzing_run(int count, char **arguments, cfuzzing_target target) {
  return LLVMFuzzerRunDriver(&count, &arguments, target);
}
