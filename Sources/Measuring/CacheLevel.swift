// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A data cache as one CPU sees it.
public struct CacheLevel: Codable, Hashable, Sendable {
  /// 1 is nearest to the core.
  public var level: Int
  /// Size in bytes.
  public var bytes: Int
  /// How many CPUs share it.
  public var sharedBy: Int

  /// The data caches of the first CPU, nearest first.
  ///
  /// Where the system does not say, sizes that are true of most current CPUs.
  public static let all: [CacheLevel] = {
    let found = (0..<8).compactMap { fromSystem(index: $0) }.sorted { $0.level < $1.level }
    return found.isEmpty
      ? [
        CacheLevel(level: 1, bytes: 32 << 10, sharedBy: 1),
        CacheLevel(level: 2, bytes: 512 << 10, sharedBy: 1),
      ]
      : found
  }()

  private static func fromSystem(index: Int) -> CacheLevel? {
    let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
    guard let level = TextFile.read("\(folder)/level").flatMap({ Int($0) }),
      let type = TextFile.read("\(folder)/type"), type != "Instruction",
      let bytes = TextFile.read("\(folder)/size").flatMap(bytes)
    else { return nil }
    let shared = TextFile.read("\(folder)/shared_cpu_list").map(countCPUs) ?? 1
    return CacheLevel(level: level, bytes: bytes, sharedBy: shared)
  }

  /// Reads `32K` or `32M`.
  static func bytes(_ text: String) -> Int? {
    let shifts: [Character: Int] = ["K": 10, "M": 20, "G": 30]
    guard let unit = text.last, let shift = shifts[unit] else { return Int(text) }
    return Int(text.dropLast()).map { $0 << shift }
  }

  /// Counts the CPUs of a list such as `0-3,8`.
  static func countCPUs(_ list: String) -> Int {
    list.split(separator: ",").reduce(0) { count, range in
      let ends = range.split(separator: "-").compactMap { Int($0) }
      return count + (ends.count == 2 ? ends[1] - ends[0] + 1 : 1)
    }
  }
}
