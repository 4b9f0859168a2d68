// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Foundation

extension CounterEnvironment {
  /// Why `event` has no value after `failure`, and what the user can do.
  func reason(_ failure: PAPIFailure, event: String, library: PAPILibrary) -> String {
    let software = SoftwareEvent(named: event)
    if failure.stage == .resolve {
      // Where the kernel refuses everything, PAPI 7.0 switches its component off and then does not
      // know the names either; without perf events at all it does so on CPUs that are new to it.
      if [EACCES, EPERM, ENOSYS].contains(softwareErrno) { return refusal(softwareErrno) }
      return "unknown to PAPI \(library.version) on this CPU; `convscope list counters` shows "
        + "what is known"
    }
    if failure.status == PAPIFailure.standsStill {
      return "its counter stands still; this PMU does not really count it"
    }
    if failure.status == Int32(CPAPI_EISRUN) {
      return "another event set is counting on this thread"
    }
    if let software {
      return softwareReason(software, failure, library)
    }
    return hardwareReason(failure, library)
  }

  private func softwareReason(
    _ event: SoftwareEvent, _ failure: PAPIFailure, _ library: PAPILibrary
  ) -> String {
    if softwareErrno != 0 { return refusal(softwareErrno) }
    if event.happensInKernel, !isRoot, (paranoid ?? 0) > 1 {
      return "it happens inside the kernel, which perf_event_paranoid \(paranoidText) hides; "
        + "run as root or `sudo sysctl kernel.perf_event_paranoid=1`"
    }
    return "\(failure.stage.rawValue) (\(library.text(of: failure.status)))"
  }

  private func hardwareReason(_ failure: PAPIFailure, _ library: PAPILibrary) -> String {
    if hardwareErrno == EACCES || hardwareErrno == EPERM { return refusal(hardwareErrno) }
    if !hasPMU || hardwareErrno != 0 { return absentPMU }
    if failure.status == Int32(CPAPI_ECNFLCT) {
      return "\(failure.stage.rawValue): no counter is free; another profiler or the NMI watchdog "
        + "may hold it (`sudo sysctl kernel.nmi_watchdog=0`)"
    }
    return "\(failure.stage.rawValue) (\(library.text(of: failure.status))); "
      + "this PMU may not have the event"
  }

  private var absentPMU: String {
    isVirtual
      ? "no PMU: this virtual machine passes no hardware counters on; use bare metal or a machine "
        + "type with a virtual PMU"
      : "no PMU: the kernel drives none on this machine"
  }

  /// The kernel's refusal of every event of a kind.
  private func refusal(_ code: Int32) -> String {
    switch code {
    case EACCES where !isRoot && (paranoid ?? 0) > 2:
      return "perf_event_paranoid is \(paranoidText); run as root or "
        + "`sudo sysctl kernel.perf_event_paranoid=2`"
    case EPERM, EACCES:
      let place = isContainer ? "this container" : isFiltered ? "a seccomp filter" : "the kernel"
      let remedy =
        isContainer || isFiltered
        ? "allow perf_event_open in its profile (docker run --cap-add PERFMON)"
        : "run as root or with CAP_PERFMON"
      return "\(place) refuses perf_event_open (perf_event_paranoid \(paranoidText)); \(remedy)"
    case ENOSYS:
      return isFiltered
        ? "a seccomp filter hides perf_event_open; allow it in the profile"
        : "this kernel has no perf events (CONFIG_PERF_EVENTS)"
    default:
      return "perf_event_open fails (\(String(cString: strerror(code))))"
    }
  }

  private var paranoidText: String { paranoid.map(String.init) ?? "unknown" }
}
