// SPDX-License-Identifier: Apache-2.0

internal import Machine

extension MachineFinding {
  /// What can be wrong with the surroundings of a measurement, in the order of a table.
  /// - Parameters:
  ///   - environment: The surroundings.
  ///   - clockSource: The kernel's clock, such as `tsc`; nil where it does not say.
  /// - Returns: a finding per subject, fine or not.
  public static func check(
    _ environment: RunEnvironment, clockSource: String? = clockSource()
  ) -> [MachineFinding] {
    [
      governor(environment.governor), turbo(environment.turbo),
      multithreading(environment.simultaneousMultithreading),
      load(environment.loadAverage, cpus: environment.onlineCPUs),
      quota(environment.cgroupCPUQuota, cpus: environment.allowedCPUs.count),
      virtual(environment.virtualMachine), hugePages(environment.transparentHugePages),
      paranoid(environment.perfEventParanoid), clock(clockSource),
    ]
  }

  /// The kernel's clock source; nil where it does not say.
  public static func clockSource() -> String? {
    TextFile.read("/sys/devices/system/clocksource/clocksource0/current_clocksource")
  }

  static let unknown = "not shown by the system"

  static func governor(_ name: String?) -> MachineFinding {
    guard let name else { return MachineFinding("governor", unknown) }
    guard name != "performance" else { return MachineFinding("governor", name) }
    return MachineFinding(
      "governor", name, cost: "clocks follow the load: a round's time depends on what came before",
      remedy: "sudo cpupower frequency-set -g performance")
  }

  static func turbo(_ isOn: Bool?) -> MachineFinding {
    guard let isOn else { return MachineFinding("turbo", unknown) }
    guard isOn else { return MachineFinding("turbo", "off") }
    return MachineFinding(
      "turbo", "on", cost: "clocks depend on temperature and on how many cores are busy",
      remedy: "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost "
        + "(Intel: echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo)")
  }

  static func multithreading(_ isOn: Bool?) -> MachineFinding {
    guard let isOn else { return MachineFinding("SMT", unknown) }
    guard isOn else { return MachineFinding("SMT", "off") }
    return MachineFinding(
      "SMT", "on", cost: "two workers may share one core's units, or one with a stranger",
      remedy: "echo off | sudo tee /sys/devices/system/cpu/smt/control")
  }

  /// Half a CPU that is busy without us is enough to disturb a worker now and then.
  static let acceptableLoad = 0.5

  static func load(_ average: Double?, cpus: Int) -> MachineFinding {
    guard let average else { return MachineFinding("load", unknown) }
    let text = "\(average) on \(cpus) CPUs"
    guard average > acceptableLoad else { return MachineFinding("load", text) }
    return MachineFinding(
      "load", text, cost: "workers wait for their CPU: rounds are marked and measured again",
      remedy: "end what `top` shows, or wait")
  }

  static func quota(_ quota: Double?, cpus: Int) -> MachineFinding {
    guard let quota else { return MachineFinding("control group", "no CPU quota") }
    return MachineFinding(
      "control group", "\(quota) CPUs' worth of time",
      cost: "past the quota all workers stop for the rest of the period (usually 0.1 s)",
      remedy: "give the container whole CPUs: --cpuset-cpus instead of --cpus")
  }

  static func virtual(_ isVirtual: Bool) -> MachineFinding {
    guard isVirtual else { return MachineFinding("virtual machine", "no") }
    return MachineFinding(
      "virtual machine", "yes",
      cost: "neighbours take time, caches and bandwidth; stolen rounds are marked, the rest is not",
      remedy: "trust only what was interleaved: comparisons of a run, and gate --against")
  }

  static func hugePages(_ setting: String?) -> MachineFinding {
    guard let setting else { return MachineFinding("huge pages", unknown) }
    guard setting == "always" else { return MachineFinding("huge pages", setting) }
    return MachineFinding(
      "huge pages", setting,
      cost: "whether memory gets them differs from process to process, and with it the time",
      remedy: "echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled")
  }

  static func paranoid(_ level: Int?) -> MachineFinding {
    guard let level else { return MachineFinding("perf_event_paranoid", unknown) }
    guard level > 2 else { return MachineFinding("perf_event_paranoid", String(level)) }
    return MachineFinding(
      "perf_event_paranoid", String(level), cost: "no counters without privileges",
      remedy: "sudo sysctl kernel.perf_event_paranoid=2")
  }

  static func clock(_ source: String?) -> MachineFinding {
    guard let source else { return MachineFinding("clock source", unknown) }
    // Those that are read without a system call.
    guard !["tsc", "kvm-clock", "arch_sys_counter"].contains(source) else {
      return MachineFinding("clock source", source)
    }
    return MachineFinding(
      "clock source", source, cost: "reading the clock takes a system call, about a microsecond",
      remedy: "echo tsc | sudo tee "
        + "/sys/devices/system/clocksource/clocksource0/current_clocksource")
  }
}
