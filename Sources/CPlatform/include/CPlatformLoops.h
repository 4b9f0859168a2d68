// SPDX-License-Identifier: Apache-2.0
// Loops whose instructions are written down, so that no compiler makes others of them.
#ifndef CONVSCOPE_CPLATFORM_LOOPS_H
#define CONVSCOPE_CPLATFORM_LOOPS_H

#include <stdbool.h>
#include <stdint.h>

/// Additions of a round of `cplatform_add_chain`.
enum { CPLATFORM_ADDS_PER_ROUND = 64 };
/// Multiply-adds of a round of `cplatform_scalar_fma`.
enum { CPLATFORM_FUSED_PER_ROUND = 48 };

/// `rounds` rounds of additions, each of which needs the result of the one before: one cycle each
/// on every current CPU, so their rate is the clock.
void cplatform_add_chain(uint64_t rounds);
/// Whether this CPU has scalar fused multiply-adds.
bool cplatform_has_scalar_fma(void);
/// `rounds` rounds of multiply-adds of one 32-bit float each, in 12 independent chains.
void cplatform_scalar_fma(uint64_t rounds);

#endif
