// SPDX-License-Identifier: Apache-2.0

import CPlatform
import Foundation

/// What the operating system says about this process and others.
enum Surroundings {
  /// What `descriptor` names, such as `pipe:[4711]`.
  static func pipe(_ descriptor: Int32) -> String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"))
      ?? "closed"
  }

  /// What all open descriptors of this process name.
  static func openFiles() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return names.compactMap(Int32.init).map(pipe)
  }

  /// Whether there is such a process, were it a zombie.
  static func exists(_ process: Int32) -> Bool { kill(process, 0) == 0 }

  /// Whether a process is gone within the time, where someone else reaps it.
  static func isGone(_ process: Int32, within limit: Duration) -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      // An orphan's zombie waits for init, which is not ours to do.
      guard let status, !status.contains(") Z ") else { return true }
      usleep(5000)
    }
    return false
  }

  /// The CPUs of the calling thread.
  static func affinity() -> [Int] {
    let status = (try? String(contentsOfFile: "/proc/thread-self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
    let ranges = line.dropFirst("Cpus_allowed_list:".count).split(separator: ",")
    return ranges.flatMap { range -> [Int] in
      let ends = range.split(separator: "-").compactMap {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      guard let first = ends.first, let last = ends.last else { return [] }
      return Array(first...last)
    }
  }
}
