// SPDX-License-Identifier: Apache-2.0

internal import Counters

/// The caches that a simulation has: the first and the last level of this machine.
///
/// Valgrind would ask the CPU itself; it is told, so that the same machine always gives the same.
struct SimulatedCaches: Hashable, Sendable {
  var instruction: ValgrindTool.Cache
  var data: ValgrindTool.Cache
  var lastLevel: ValgrindTool.Cache

  /// This machine's; where the system does not say, sizes of a common CPU.
  static func current() -> SimulatedCaches {
    let found = (0..<8).compactMap(read)
    func first(_ types: Set<String>) -> ValgrindTool.Cache? {
      found.first { $0.level == 1 && types.contains($0.type) }?.cache
    }
    let small = ValgrindTool.Cache(bytes: 32 << 10, ways: 8, lineBytes: 64)
    let last = found.filter { $0.level > 1 }.max { $0.level < $1.level }?.cache
    return SimulatedCaches(
      instruction: first(["Instruction", "Unified"]) ?? small,
      data: first(["Data", "Unified"]) ?? small,
      lastLevel: last ?? ValgrindTool.Cache(bytes: 8 << 20, ways: 16, lineBytes: 64))
  }

  private static func read(
    index: Int
  ) -> (level: Int, type: String, cache: ValgrindTool.Cache)? {
    let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
    guard let level = TextFile.read("\(folder)/level").flatMap({ Int($0) }),
      let type = TextFile.read("\(folder)/type"),
      let bytes = TextFile.read("\(folder)/size").flatMap(CacheLevel.bytes)
    else { return nil }
    // Some hypervisors show sizes only.
    let ways = TextFile.read("\(folder)/ways_of_associativity").flatMap { Int($0) } ?? 0
    let line = TextFile.read("\(folder)/coherency_line_size").flatMap { Int($0) } ?? 0
    let cache = ValgrindTool.Cache(
      bytes: bytes, ways: ways > 0 ? ways : 8, lineBytes: line > 0 ? line : 64)
    return (level, type, cache)
  }
}
