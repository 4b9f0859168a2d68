// SPDX-License-Identifier: Apache-2.0

/// Why a suite and the options do not make a plan.
public enum PlanningError: Error, Hashable, Sendable {
  /// No variant on this CPU has an id that matches.
  case noKernelMatches(pattern: String, available: [String])
  /// No case of the suites matches `--only`.
  case noCaseMatches(pattern: String)
}
