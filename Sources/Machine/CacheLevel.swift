// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// A data cache as one CPU sees it.
public struct CacheLevel: Codable, Hashable, Sendable {
  /// 1 is nearest to the core.
  public var level: Int
  /// Size in bytes.
  public var bytes: Int
  /// How many CPUs share it.
  public var sharedBy: Int

  /// A cache.
  public init(level: Int, bytes: Int, sharedBy: Int) {
    self.level = level
    self.bytes = bytes
    self.sharedBy = sharedBy
  }

  /// What is taken where the system does not say: sizes that are true of most current CPUs.
  ///
  /// The only default there is: what a plan blocks for is what the roofs and the record speak of.
  public static let usual = [
    CacheLevel(level: 1, bytes: 32 << 10, sharedBy: 1),
    CacheLevel(level: 2, bytes: 512 << 10, sharedBy: 1),
    CacheLevel(level: 3, bytes: 8 << 20, sharedBy: 1),
  ]

  /// The data caches of the first CPU, nearest first.
  public static let all = levels(in: "/sys/devices/system/cpu/cpu0/cache")

  /// The size of a level, in bytes; the usual one where this machine does not have or show it.
  /// - Requires: `level` from 1 to 3.
  public static func bytes(level: Int, of levels: [CacheLevel] = all) -> Int {
    let found = levels.first { $0.level == level } ?? usual[level - 1]
    return found.bytes
  }

  /// The data caches that `folder` describes, nearest first; the usual ones where it is empty.
  static func levels(in folder: String) -> [CacheLevel] {
    let found = (0..<8).compactMap { read("\(folder)/index\($0)") }.sorted { $0.level < $1.level }
    return found.isEmpty ? usual : found
  }

  private static func read(_ folder: String) -> CacheLevel? {
    guard let level = TextFile.read("\(folder)/level").flatMap({ Int(reading: $0, in: 1...9) }),
      let type = TextFile.read("\(folder)/type"), type != "Instruction",
      let bytes = TextFile.read("\(folder)/size").flatMap(bytes)
    else { return nil }
    let shared = TextFile.read("\(folder)/shared_cpu_list").map(countCPUs) ?? 1
    return CacheLevel(level: level, bytes: bytes, sharedBy: shared)
  }

  /// Reads `32K` or `32M`; nil where it is no size.
  public static func bytes(_ text: String) -> Int? {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    guard let unit = text.last, let shift = shifts[unit] else { return positive(text, shift: 0) }
    return positive(text.dropLast(), shift: shift)
  }

  private static func positive(_ digits: some StringProtocol, shift: Int) -> Int? {
    Int(reading: digits, in: 1...Int.max >> shift).map { $0 << shift }
  }

  /// More than any kernel knows of.
  private static let mostCPUs = 1 << 20

  /// Counts the CPUs of a list such as `0-3,8`.
  static func countCPUs(_ list: String) -> Int {
    list.split(separator: ",").reduce(0) { count, range in
      let ends = range.split(separator: "-").compactMap { Int(reading: $0, in: 0...mostCPUs) }
      return count + (ends.count == 2 ? max(0, ends[1] - ends[0]) + 1 : 1)
    }
  }
}
