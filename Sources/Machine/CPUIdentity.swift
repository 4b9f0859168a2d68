// SPDX-License-Identifier: Apache-2.0

/// What tells one kind of CPU from another, beyond the name that a hypervisor gives it.
///
/// Two generations may both call themselves "AMD EPYC". What was measured on one says nothing about
/// the other, so limits, noise floors and tuning are kept by this.
public struct CPUIdentity: Hashable, Sendable {
  /// What identifies it, as `cpu family=25`, in a fixed order.
  public let facts: [String]

  /// This machine's.
  public static let current = CPUIdentity(
    cpuInfo: TextFile.read("/proc/cpuinfo") ?? "", caches: CacheLevel.all)

  /// The keys of `/proc/cpuinfo` that identify a CPU: those of x86, then those of Arm.
  static let keys = [
    "vendor_id", "cpu family", "model", "model name", "stepping", "microcode", "flags",
    "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features",
  ]

  /// The identity that the first processor of `cpuInfo` has, with `caches`.
  init(cpuInfo: String, caches: [CacheLevel]) {
    var values: [String: String] = [:]
    // Up to the empty line: the first processor.
    for line in cpuInfo.split(separator: "\n", omittingEmptySubsequences: false) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else {
        if line.allSatisfy(\.isWhitespace), !values.isEmpty { break }
        continue
      }
      let words = { (part: Substring) in part.split(whereSeparator: \.isWhitespace) }
      let key = words(parts[0]).joined(separator: " ")
      // In any order they are the same flags.
      let isSet = key == "flags" || key == "Features"
      let value = isSet ? words(parts[1]).sorted() : words(parts[1])
      values[key] = value.joined(separator: " ")
    }
    facts =
      Self.keys.compactMap { key in values[key].map { "\(key)=\($0)" } }
      + caches.map { "L\($0.level)=\($0.bytes) shared by \($0.sharedBy)" }
  }

  /// Twelve hexadecimal digits that differ where any fact does.
  public var fingerprint: String {
    // FNV-1a, because `Hasher` is seeded anew in every process.
    let hash = facts.joined(separator: "\n").utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3  // widens
    }
    let digits = String(hash, radix: 16)
    return String((String(repeating: "0", count: 16 - digits.count) + digits).suffix(12))
  }
}
