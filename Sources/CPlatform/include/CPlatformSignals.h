// SPDX-License-Identifier: Apache-2.0
// Signals that ask this process to stop, and its standard streams.
#ifndef CONVSCOPE_CPLATFORM_SIGNALS_H
#define CONVSCOPE_CPLATFORM_SIGNALS_H

#include <stdbool.h>

/// From now on SIGINT, SIGTERM, SIGHUP and SIGXCPU end the process at once with `code`; a SIGHUP that is
/// ignored, as under nohup, stays ignored. Where the CPU time has a hard limit, SIGXCPU comes before it.
void cplatform_take_stop_signals(int code);
/// From now on the first of these signals is only noted; a second one ends the process, and so does
/// time where it has not ended by itself within two seconds.
void cplatform_stop_politely(void);
/// The signal that asked to stop; 0 where none did.
int cplatform_stop_signal(void);
/// Makes a closed pipe (EPIPE) and a file that may grow no more (EFBIG) errors of the write.
void cplatform_errors_not_signals(void);
/// Opens /dev/null for each standard stream that is closed, so that no file that is opened later
/// is taken for one of them. Whether standard output was open.
bool cplatform_open_standard_streams(void);

#endif
