// SPDX-License-Identifier: Apache-2.0

/// The events that the Linux kernel counts by itself, which need no performance monitoring unit.
///
/// *Source:* `perf_event_open(2)`, `PERF_TYPE_SOFTWARE`.
enum SoftwareEvent: String, CaseIterable, Sendable {
  case cpuClock = "perf::CPU-CLOCK"
  case taskClock = "perf::TASK-CLOCK"
  case pageFaults = "perf::PAGE-FAULTS"
  case minorFaults = "perf::MINOR-FAULTS"
  case majorFaults = "perf::MAJOR-FAULTS"
  case contextSwitches = "perf::CONTEXT-SWITCHES"
  case cpuMigrations = "perf::CPU-MIGRATIONS"
  case cgroupSwitches = "perf::CGROUP-SWITCHES"

  /// The event that PAPI knows under `name`, its short names included, modifiers ignored.
  init?(named name: String) {
    let parts = name.split(separator: ":", omittingEmptySubsequences: true)
    guard parts.count >= 2, parts[0] == "perf" else { return nil }
    switch parts[1] {
    case "FAULTS": self = .pageFaults
    case "CS": self = .contextSwitches
    case "MIGRATIONS": self = .cpuMigrations
    case "PERF_COUNT_SW_PAGE_FAULTS_MIN": self = .minorFaults
    case "PERF_COUNT_SW_PAGE_FAULTS_MAJ": self = .majorFaults
    case let event:
      let full = "perf::" + event.replacing("PERF_COUNT_SW_", with: "").replacing("_", with: "-")
      guard let found = Self(rawValue: full) else { return nil }
      self = found
    }
  }

  /// Whether it happens inside the kernel.
  ///
  /// PAPI counts user code only unless told otherwise, and then such an event reads 0 for ever: a
  /// false number. Its name must ask for the kernel's side as well.
  var happensInKernel: Bool {
    [.contextSwitches, .cpuMigrations, .cgroupSwitches].contains(self)
  }

  /// The name under which it counts what it says.
  func countableName(for name: String) -> String {
    let hasModifiers = name.split(separator: ":", omittingEmptySubsequences: true).count > 2
    return happensInKernel && !hasModifiers ? name + ":u=1:k=1" : name
  }

  /// The field of `getrusage(2)` with the same count, for where perf is refused.
  var usage: ThreadUsage? {
    switch self {
    case .contextSwitches: .contextSwitches
    default: nil
    }
  }
}
