// SPDX-License-Identifier: Apache-2.0

/// Events of which any running code causes some, so that a count of zero is a lie.
///
/// Some virtual machines grant such counters and never move them.
enum AdvancingEvent {
  static let names: Set<String> = [
    "PAPI_TOT_INS", "PAPI_TOT_CYC", "PAPI_REF_CYC", "PAPI_BR_INS", "PAPI_BR_CN",
    "perf::INSTRUCTIONS", "perf::CYCLES", "perf::CPU-CYCLES", "perf::REF-CYCLES",
    "perf::BRANCH-INSTRUCTIONS", "perf::BRANCHES",
  ]
}
