// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// What the control groups of this process grant it: its own, and all above it up to the root.
///
/// A limit of any of them binds, so the least applies. The files that count are those of the
/// process's *own* group, which `/proc/self/cgroup` names; at the mount's root stand the limits of
/// everybody, and these are usually none.
public struct ControlGroup: Hashable, Sendable {
  /// CPUs' worth of time; nil without a limit.
  public let cpuQuota: Double?
  /// Memory in bytes; nil without a limit.
  public let memoryLimit: Int?
  /// Bytes that may still be taken before the kernel ends a process of a group; nil without a limit.
  ///
  /// What the kernel can drop, as cached files, counts as free.
  public let memoryFree: Int?

  /// Those of this process now.
  public static var current: ControlGroup { ControlGroup(root: "") }

  /// Those that the files below `root` describe.
  /// - Parameter root: in front of `/proc` and `/sys`; empty for this system.
  init(root: String) {
    let mounts = CgroupMount.all(TextFile.read(root + "/proc/self/mountinfo") ?? "")
    let groups = CgroupMembership.all(TextFile.read(root + "/proc/self/cgroup") ?? "")
    func folders(_ controller: String, _ isUnified: Bool) -> [String] {
      groups.filter { isUnified ? $0.isUnified : $0.controllers.contains(controller) }
        .flatMap { group in
          mounts.filter {
            $0.isUnified == isUnified && (isUnified || $0.controllers.contains(controller))
          }.flatMap { $0.folders(of: group.path) }
        }.map { root + $0 }
    }
    let quotas =
      folders("cpu", true).compactMap { TextFile.read("\($0)/cpu.max").flatMap { Self.quota($0) } }
      + folders("cpu", false).compactMap { Self.quota(version1: $0) }
    let memory =
      folders("memory", true).compactMap {
        GroupMemory($0, limit: "memory.max", used: "memory.current", idle: "inactive_file")
      }
      + folders("memory", false).compactMap {
        GroupMemory(
          $0, limit: "memory.limit_in_bytes", used: "memory.usage_in_bytes",
          idle: "total_inactive_file")
      }
    cpuQuota = quotas.min()
    memoryLimit = memory.map(\.limit).min()
    memoryFree = memory.map(\.free).min()
  }

  /// Reads `max 100000` or `150000 100000`; nil without a limit.
  static func quota(_ text: String) -> Double? {
    let fields = text.split(separator: " ")
    guard fields.count == 2 else { return nil }
    return quota(number(fields[0]), period: number(fields[1]))
  }

  private static func quota(version1 folder: String) -> Double? {
    quota(
      TextFile.read("\(folder)/cpu.cfs_quota_us").flatMap(number),
      period: TextFile.read("\(folder)/cpu.cfs_period_us").flatMap(number))
  }

  private static func number(_ text: some StringProtocol) -> Double? {
    Double(reading: text, in: Double.notNegative)
  }

  private static func quota(_ quota: Double?, period: Double?) -> Double? {
    guard let quota, let period, quota > 0, period > 0, (quota / period).isFinite else {
      return nil
    }
    return quota / period
  }

  /// Version 1 says "no limit" as the largest multiple of a page: all above 2⁶⁰ is none.
  private static let noLimit = 1 << 60

  /// Reads `max` or bytes; nil without a limit.
  static func bytes(_ text: String) -> Int? {
    Int(reading: text, in: 0...noLimit - 1)
  }
}

/// What one group grants of memory, and what is left of it.
private struct GroupMemory {
  let limit: Int
  let free: Int

  /// Reads a group's files; nil without a limit.
  ///
  /// Files that are cached and not used lately are dropped before a process is ended.
  init?(_ folder: String, limit: String, used: String, idle: String) {
    guard let limit = TextFile.read("\(folder)/\(limit)").flatMap({ ControlGroup.bytes($0) }) else {
      return nil
    }
    self.limit = limit
    let used = TextFile.read("\(folder)/\(used)").flatMap { ControlGroup.bytes($0) } ?? 0
    free = max(0, limit - used + min(Self.value(of: idle, in: "\(folder)/memory.stat"), used))
  }

  /// The number behind a key of a file of lines; 0 where there is none.
  private static func value(of key: String, in file: String) -> Int {
    let text: String = TextFile.read(file) ?? ""
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count == 2, fields[0] == key { return ControlGroup.bytes(String(fields[1])) ?? 0 }
    }
    return 0
  }
}

/// A line of `/proc/self/cgroup`: `4:memory:/some/group` or `0::/some/group`.
struct CgroupMembership: Hashable {
  var controllers: [String]
  var path: String

  /// Whether it is that of version 2, which has all controllers.
  var isUnified: Bool { controllers.isEmpty }

  static func all(_ text: String) -> [CgroupMembership] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      let controllers = fields[1].split(separator: ",").map(String.init)
      return CgroupMembership(controllers: controllers, path: String(fields[2]))
    }
  }
}

/// A line of `/proc/self/mountinfo` that mounts control groups.
struct CgroupMount: Hashable {
  /// Which part of the hierarchy is mounted; a container may see its own only.
  var root: String
  var point: String
  var controllers: [String]
  var isUnified: Bool

  static func all(_ text: String) -> [CgroupMount] {
    text.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash > 4, fields.count > dash + 3,
        ["cgroup", "cgroup2"].contains(fields[dash + 1])
      else { return nil }
      return CgroupMount(
        root: String(fields[3]), point: unescaped(fields[4]),
        controllers: fields[dash + 3].split(separator: ",").map(String.init),
        isUnified: fields[dash + 1] == "cgroup2")
    }
  }

  /// The folders of a group and of all above it, as far as they are mounted, the group's own first.
  func folders(of group: String) -> [String] {
    var path = group
    if root != "/", path == root || path.hasPrefix(root + "/") {
      path = String(path.dropFirst(root.count))
    }
    var parts = path.split(separator: "/")
    // A path out of a namespace, `/../..`, lies above what is mounted.
    if parts.contains("..") { parts = [] }
    return (0...parts.count).reversed().map { count in
      ([point] + parts.prefix(count).map(String.init)).joined(separator: "/")
    }
  }

  /// The kernel writes spaces in paths as `\040`.
  private static func unescaped(_ text: Substring) -> String {
    String(text.split(separator: "\\040", omittingEmptySubsequences: false).joined(separator: " "))
  }
}
