// SPDX-License-Identifier: Apache-2.0
// Loops whose instructions are written down, for checking counters against known answers.
#ifndef CONVSCOPE_COUNTER_LOOPS_H
#define CONVSCOPE_COUNTER_LOOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the loops below exist for this architecture, and whether the CPU has FMA.
bool cpapi_has_loops(void);
bool cpapi_has_fma(void);
/// Moves the calling thread to and fro between two of its CPUs `moves` times and restores its
/// affinity; returns how many moves, 0 where it may use one CPU only. The way to the first of the
/// two CPUs may be a move more.
int cpapi_migrate(int moves);
/// `rounds` rounds (at least 1) of 2 instructions, one of them a branch (taken but for the last).
void cpapi_loop_branches(uint64_t rounds);
/// `rounds` rounds (at least 1) of 16 multiplications, each of which waits for the one before.
void cpapi_loop_multiplications(uint64_t rounds);
/// `rounds` rounds (at least 1) of 8 FMA instructions on 8 floats each, or 16 on 4 each: 128 FLOP a
/// round.
void cpapi_loop_fma(uint64_t rounds);
/// One branch per byte of `bits`, taken where its lowest bit is 0.
void cpapi_loop_random_branches(const uint8_t *bits, uint64_t count);
/// Follows `steps` pointers from `start`, each stored where the one before leads; returns the last.
const void *cpapi_chase(const void *start, uint64_t steps);

#endif
