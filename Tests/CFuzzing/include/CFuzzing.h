// SPDX-License-Identifier: Apache-2.0

/// The part of libFuzzer that is called: its loop, without a `main` of its own.
#ifndef CFUZZING_H
#define CFUZZING_H

#include <stddef.h>
#include <stdint.h>

typedef int (*cfuzzing_target)(const uint8_t *data, size_t size);

/// Runs libFuzzer with its arguments; `arguments` ends with NULL and `count` does not count that.
int cfuzzing_run(int count, char **arguments, cfuzzing_target target);

#endif
