// SPDX-License-Identifier: Apache-2.0
// What a program can ask of Valgrind's callgrind while it runs under it; nothing happens elsewhere.
//
// Source: Valgrind's manual, “The Client Request mechanism” and “Callgrind specific client
// requests”. Its headers are not needed to build, as Valgrind is installed on request only.
#ifndef CONVSCOPE_CPLATFORM_VALGRIND_H
#define CONVSCOPE_CPLATFORM_VALGRIND_H

#include <stdbool.h>

/// Whether this process runs under Valgrind.
bool cplatform_is_simulated(void);
/// Begins and ends the simulation of caches and branches; they begin empty.
void cplatform_begin_simulation(void);
void cplatform_end_simulation(void);
/// Begins to count what is simulated on the calling thread, or ends it.
void cplatform_toggle_counting(void);
/// Writes the counts since the last dump into the next numbered file, and starts over.
void cplatform_dump_counts(void);

#endif
