// SPDX-License-Identifier: Apache-2.0

internal import Counters
internal import Inputs
internal import Machine

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
    func usual(level: Int, ways: Int) -> ValgrindTool.Cache {
      let bytes = CacheLevel.bytes(level: level, of: CacheLevel.usual)
      return ValgrindTool.Cache(bytes: bytes, ways: ways, lineBytes: 64)
    }
    let last = found.filter { $0.level > 1 }.max { $0.level < $1.level }?.cache
    return SimulatedCaches(
      instruction: first(["Instruction", "Unified"]) ?? usual(level: 1, ways: 8),
      data: first(["Data", "Unified"]) ?? usual(level: 1, ways: 8),
      lastLevel: last ?? usual(level: 3, ways: 16))
  }

  private static func read(
    index: Int
  ) -> (level: Int, type: String, cache: ValgrindTool.Cache)? {
    let folder = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
    guard let level = TextFile.read("\(folder)/level").flatMap({ Int(reading: $0, in: 1...9) }),
      let type = TextFile.read("\(folder)/type"),
      let bytes = TextFile.read("\(folder)/size").flatMap(CacheLevel.bytes)
    else { return nil }
    // Some hypervisors show sizes only.
    let ways =
      TextFile.read("\(folder)/ways_of_associativity").flatMap { Int(reading: $0, in: 0...1 << 20) }
      ?? 0
    let line =
      TextFile.read("\(folder)/coherency_line_size").flatMap { Int(reading: $0, in: 0...1 << 20) }
      ?? 0
    let cache = ValgrindTool.Cache(
      bytes: bytes, ways: ways > 0 ? ways : 8, lineBytes: line > 0 ? line : 64)
    return (level, type, cache)
  }
}
