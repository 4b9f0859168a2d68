// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
internal import Glibc

/// The CPUs that this process may use.
public enum AvailableCPUs {
  /// Ids of the usable CPUs, ascending: those of the affinity mask, at most as many as the
  /// control group's CPU quota pays for.
  ///
  /// A quota of 1.5 CPUs gives one worker: a second one would be throttled half of the time.
  public static func ids() -> [Int] {
    let capacity = 1024
    let affinity = withUnsafeTemporaryAllocation(of: CInt.self, capacity: capacity) { buffer in
      let count = Int(cplatform_allowed_cpus(buffer.baseAddress, CInt(capacity)))
      return buffer.prefix(count).map(Int.init)
    }
    guard let quota = quotaOfControlGroup() else { return affinity }
    return Array(affinity.prefix(max(1, Int(quota))))
  }

  /// CPUs' worth of time that the control group grants, or nil where it sets no limit.
  public static func quotaOfControlGroup() -> Double? {
    if let text = read("/sys/fs/cgroup/cpu.max") { return quota(version2: text) }
    guard
      let quota = read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap({ Double($0) }), quota > 0,
      let period = read("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap({ Double($0) }), period > 0
    else { return nil }
    return quota / period
  }

  /// Reads `max 100000` or `150000 100000`.
  static func quota(version2 text: String) -> Double? {
    let fields = text.split(separator: " ")
    guard fields.count == 2, let quota = Double(fields[0]), let period = Double(fields[1]),
      period > 0
    else { return nil }
    return quota / period
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard fgets(buffer.baseAddress, 128, file) != nil else { return nil }
      let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}
