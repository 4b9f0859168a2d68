// SPDX-License-Identifier: Apache-2.0

internal import CPAPI
internal import Foundation
internal import Inputs

/// What decides on this machine whether events can be counted.
public struct CounterEnvironment: Hashable, Sendable {
  /// `/proc/sys/kernel/perf_event_paranoid`; nil where the kernel has no perf events.
  public var paranoid: Int?
  /// Whether the kernel drives a performance monitoring unit of the CPU.
  public var hasPMU: Bool
  /// Whether this is a virtual machine.
  public var isVirtual: Bool
  /// Whether this is a container.
  public var isContainer: Bool
  /// Whether this process runs as root.
  public var isRoot: Bool
  /// Whether system calls are filtered (seccomp).
  public var isFiltered: Bool
  /// `errno` of a bare request for an instruction counter; 0 where it is granted.
  public var hardwareErrno: Int32
  /// `errno` of a bare request for the task clock; 0 where it is granted.
  public var softwareErrno: Int32

  /// This machine and process, now.
  public static func current() -> CounterEnvironment {
    let devices =
      (try? FileManager.default.contentsOfDirectory(atPath: "/sys/bus/event_source/devices")) ?? []
    let files = FileManager.default
    let containerFiles = ["/.dockerenv", "/run/.containerenv", "/run/systemd/container"]
    return CounterEnvironment(
      paranoid: Int(reading: text("/proc/sys/kernel/perf_event_paranoid"), in: -1_000...1_000),
      hasPMU: devices.contains(where: isPMU),
      isVirtual: text("/proc/cpuinfo").contains(" hypervisor"),
      isContainer: containerFiles.contains(where: files.fileExists(atPath:)),
      isRoot: geteuid() == 0,
      isFiltered: text("/proc/self/status").contains("\nSeccomp:\t2"),
      hardwareErrno: cpapi_perf_event_errno(true),
      softwareErrno: cpapi_perf_event_errno(false))
  }

  /// Whether a perf event source is a CPU's: `cpu`, `cpu_core` and `cpu_atom` on x86-64, one per
  /// core type on Arm.
  private static func isPMU(_ device: String) -> Bool {
    device == "cpu" || device.hasPrefix("cpu_") || device.hasPrefix("armv")
  }

  private static func text(_ path: String) -> String {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

extension CounterEnvironment: CustomStringConvertible {
  /// One line: `no PMU, virtual machine, perf_event_paranoid 2, root`.
  public var description: String {
    let facts = [
      hasPMU ? "PMU" : "no PMU", isVirtual ? "virtual machine" : nil,
      isContainer ? "container" : nil, isFiltered ? "seccomp filter" : nil,
      paranoid.map { "perf_event_paranoid \($0)" } ?? "no perf events",
      isRoot ? "root" : "not root",
    ]
    return facts.compactMap { $0 }.joined(separator: ", ")
  }
}
