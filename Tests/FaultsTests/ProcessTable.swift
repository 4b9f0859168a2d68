// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Processes, as the kernel lists them.
struct ProcessTable {
  private struct Entry {
    var parent: Int32
    var command: String
  }

  private let entries: [Int32: Entry]

  /// What runs now.
  init() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var entries: [Int32: Entry] = [:]
    for process in names.compactMap({ Int32($0) }) {
      guard let status = Self.text(process, "stat"), let name = status.range(of: ") ") else {
        continue
      }
      let fields = status[name.upperBound...].split(separator: " ")
      guard fields.count > 1, let parent = Int32(fields[1]) else { continue }
      let command = Self.text(process, "cmdline") ?? ""
      entries[process] = Entry(
        parent: parent, command: command.replacing("\0", with: " "))
    }
    self.entries = entries
  }

  /// All that `process` has started, and what those have, whose command contains `text`.
  func offspring(of process: Int32, with text: String = "") -> [Int32] {
    var found: [Int32] = []
    var open = [process]
    while let parent = open.popLast() {
      let children = entries.filter { $0.value.parent == parent }.map(\.key)
      found += children
      open += children
    }
    return found.filter { entries[$0]?.command.contains(text) == true }
  }

  /// Waits until a process has ended; who reaps it is not ours to say.
  static func isGone(_ process: Int32) -> Bool {
    for _ in 0..<60_000 {
      guard let status = text(process, "stat"), !status.contains(") Z ") else { return true }
      usleep(1000)
    }
    return false
  }

  private static func text(_ process: Int32, _ file: String) -> String? {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/\(file)"),
      !data.isEmpty || file == "cmdline"
    else { return nil }
    return String(decoding: data, as: UTF8.self)
  }
}
