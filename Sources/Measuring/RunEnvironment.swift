// SPDX-License-Identifier: Apache-2.0

internal import Children
internal import Foundation
internal import Inputs
public import Machine
internal import Workers

/// The surroundings of a run, as far as they can change its numbers.
///
/// The host's name is not among them: results are published.
public struct RunEnvironment: Codable, Hashable, Sendable {
  /// CPU model and core count, as they name result folders.
  public var machine: String
  /// What tells this CPU from others of the same name; nil in records of before there was one.
  public var fingerprint: String?
  /// The CPU's own name.
  public var cpuModel: String
  /// CPUs that the system has online.
  public var onlineCPUs: Int
  /// CPUs that this process may use.
  public var allowedCPUs: [Int]
  /// CPUs' worth of time that the control group grants; nil without a limit.
  public var cgroupCPUQuota: Double?
  /// Memory that the control groups grant, in bytes; nil without a limit.
  public var cgroupMemoryLimit: Int?
  /// Memory of the machine, in bytes.
  public var memoryBytes: Int
  /// Data caches, nearest first.
  public var caches: [CacheLevel]
  /// Frequency governor of the first allowed CPU; nil where the system shows none.
  public var governor: String?
  /// Whether frequencies above nominal are allowed; nil where the system does not show it.
  public var turbo: Bool?
  /// Whether cores run more than one hardware thread; nil where the system does not show it.
  public var simultaneousMultithreading: Bool?
  /// Whether this is a virtual machine, as far as the CPU says.
  public var virtualMachine: Bool
  /// Load average of the last minute before the run.
  public var loadAverage: Double?
  /// Setting of transparent huge pages, such as `madvise`; nil where the system shows none.
  public var transparentHugePages: String?
  /// `perf_event_paranoid`; nil where the system shows none.
  public var perfEventParanoid: Int?
  /// Operating system release.
  public var kernel: String
  /// The distribution's name.
  public var distribution: String
  /// The compiler that built this program.
  public var compiler: String
  /// Git revision of the checkout that the program was built in, with `-dirty` where changed;
  /// nil where there is no checkout or no git.
  public var revision: String?

  /// What measured facts about this machine are kept by: its name, and what tells it from others
  /// of the same name.
  public var machineKey: String {
    ([machine] + (fingerprint.map { [$0] } ?? [])).joined(separator: "-")
  }

  /// The key of this machine, without a look at the rest.
  public static func currentMachineKey() -> String {
    let name = machineName(
      model: cpuModel(TextFile.read("/proc/cpuinfo") ?? ""),
      cpus: ProcessInfo.processInfo.activeProcessorCount)
    return "\(name)-\(CPUIdentity.current.fingerprint)"
  }

  /// Looks at the surroundings now.
  public static func current() -> RunEnvironment {
    let cpuInfo = TextFile.read("/proc/cpuinfo") ?? ""
    let model = cpuModel(cpuInfo)
    let allowed = AvailableCPUs.ids()
    let online = ProcessInfo.processInfo.activeProcessorCount
    let limits = ControlGroup.current
    let first = "/sys/devices/system/cpu/cpu\(allowed.first ?? 0)/cpufreq"
    return RunEnvironment(
      machine: machineName(model: model, cpus: online),
      fingerprint: CPUIdentity.current.fingerprint, cpuModel: model, onlineCPUs: online,
      allowedCPUs: allowed, cgroupCPUQuota: limits.cpuQuota, cgroupMemoryLimit: limits.memoryLimit,
      memoryBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory), caches: CacheLevel.all,
      governor: TextFile.read("\(first)/scaling_governor"), turbo: turbo(),
      simultaneousMultithreading: TextFile.read("/sys/devices/system/cpu/smt/active")
        .map { $0 == "1" },
      virtualMachine: (field("flags", in: cpuInfo) ?? "").split(separator: " ")
        .contains("hypervisor"),
      loadAverage: MachineLoad.average,
      transparentHugePages: TextFile.read("/sys/kernel/mm/transparent_hugepage/enabled")
        .flatMap(bracketed),
      perfEventParanoid: TextFile.read("/proc/sys/kernel/perf_event_paranoid")
        .flatMap { Int(reading: $0, in: 0...Int.max) },
      kernel: TextFile.read("/proc/sys/kernel/osrelease") ?? "unknown",
      distribution: distribution(), compiler: compiler, revision: revision())
  }

  /// `AMD EPYC 9654 96-Core Processor` with 2 CPUs becomes `amd-epyc-9654-96-core-2cpu`.
  static func machineName(model: String, cpus: Int) -> String {
    let noise: Set = ["processor", "cpu", "r", "tm", "with", "radeon", "graphics"]
    let words = model.lowercased().map { $0.isLetter && $0.isASCII || $0.isNumber ? $0 : " " }
    let kept = String(words).split(separator: " ").filter { !noise.contains(String($0)) }
    return (kept + ["\(cpus)cpu"]).joined(separator: "-")
  }

  private static func cpuModel(_ cpuInfo: String) -> String {
    if let name = field("model name", in: cpuInfo) { return name }
    // Arm CPUs have numbers in place of a name.
    let numbers = ["CPU implementer", "CPU part"].compactMap { field($0, in: cpuInfo) }
    guard numbers.count == 2 else { return "unknown \(architecture) CPU" }
    return "\(architecture) CPU, implementer \(numbers[0]), part \(numbers[1])"
  }

  private static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }

  private static var compiler: String {
    #if compiler(>=6.4)
      "Swift 6.4 or later"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static func field(_ name: String, in text: String) -> String? {
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
    }
    return nil
  }

  private static func turbo() -> Bool? {
    if let boost = TextFile.read("/sys/devices/system/cpu/cpufreq/boost") { return boost == "1" }
    return TextFile.read("/sys/devices/system/cpu/intel_pstate/no_turbo").map { $0 == "0" }
  }

  /// The word in brackets of `always [madvise] never`.
  private static func bracketed(_ text: String) -> String? {
    text.split(separator: " ").first { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) }
  }

  private static func distribution() -> String {
    let release = TextFile.read("/etc/os-release") ?? ""
    for line in release.split(separator: "\n") where line.hasPrefix("PRETTY_NAME=") {
      return line.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: ["\""])
    }
    return "unknown"
  }

  /// Asks git about the folder of the executable.
  private static func revision() -> String? {
    guard let executable = Bundle.main.executableURL else { return nil }
    var git = Command([
      "git", "-C",
      executable.resolvingSymlinksInPath().deletingLastPathComponent().path(percentEncoded: false),
      "describe", "--always", "--dirty", "--abbrev=12",
    ])
    (git.output, git.error) = (.pipe, .nothing)
    guard let finished = try? git.run(), finished.isSuccess else { return nil }
    let text = String(decoding: finished.output, as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? nil : text
  }
}
