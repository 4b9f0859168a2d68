// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs
internal import Machine

/// The memory that this process can still take, and what sets that limit.
struct FreeMemory: Hashable, Sendable {
  /// How much.
  let bytes: Int
  /// What leaves no more, as an error names it.
  let source: String

  /// The tightest of the machine's memory, the control group's limit and the process's own; nil where
  /// the system says nothing.
  static func now() -> FreeMemory? {
    let limits = [
      machine().map { FreeMemory(bytes: $0, source: "MemAvailable in /proc/meminfo") },
      ControlGroup.current.memoryFree.map {
        FreeMemory(bytes: $0, source: "the memory limit of the control group")
      },
      ofProcess(RLIMIT_AS, "VmSize:").map {
        FreeMemory(bytes: $0, source: "the limit of virtual memory, ulimit -v")
      },
      ofProcess(RLIMIT_DATA, "VmData:").map {
        FreeMemory(bytes: $0, source: "the limit of data, ulimit -d")
      },
    ]
    return limits.compactMap { $0 }.min { $0.bytes < $1.bytes }
  }

  private static func machine() -> Int? {
    guard let text = try? InputFile.text("/proc/meminfo", limit: 1 << 20) else { return nil }
    return kibibytes("MemAvailable:", in: text)
  }

  /// What a limit leaves beside what is mapped already, which `key` counts in `/proc/self/status`.
  private static func ofProcess(_ kind: __rlimit_resource, _ key: String) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(kind.rawValue), &limit) == 0,
      // No limit is the largest number of its type, which no Int is.
      let most = Int(exactly: limit.rlim_cur),
      let text = try? InputFile.text("/proc/self/status", limit: 1 << 20),
      let mapped = kibibytes(key, in: text)
    else { return nil }
    return max(0, most - mapped)
  }

  private static func kibibytes(_ key: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") where line.hasPrefix(key) {
      return line.split(whereSeparator: \.isWhitespace).dropFirst().first
        .flatMap { Int(reading: $0, in: 0...1 << 50) }.map { $0 << 10 }
    }
    return nil
  }
}
