// SPDX-License-Identifier: Apache-2.0

/// What the process ends with; scripts hold these numbers.
enum ExitCode: Int32 {
  /// Everything went well; also where something became faster.
  case success = 0
  /// An unexpected failure: no memory, no space, an output folder that cannot be written.
  case failure = 1
  /// Something became slower.
  case regression = 2
  /// A variant computed a wrong result.
  case wrongResult = 3
  /// No answer: noise, no baseline, a required counter missing, another machine.
  case inconclusive = 4
  /// A command line that is not understood.
  case usage = 64
  /// An input file that is not valid.
  case invalidInput = 65
  /// An input folder that is not there.
  case missingInput = 66
  /// Stopped by SIGINT (Ctrl-C), SIGTERM, SIGHUP or SIGXCPU; what was measured is on disk.
  ///
  /// One code for the four, and not 128 and the signal's number: to a script they mean the same.
  case interrupted = 130
}
