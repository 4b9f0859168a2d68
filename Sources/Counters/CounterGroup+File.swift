// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation

extension CounterGroup {
  /// Reads the group file at `path`.
  /// - Throws: `CounterGroupError` where it cannot be read or understood.
  public init(contentsOf path: String) throws(CounterGroupError) {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw .unreadable(file: path, reason: SystemReason.text(of: error))
    }
    try self.init(text: text, file: path)
  }

  /// Reads a group from `text`; `file` names it in errors, and its last part without extension is
  /// the group's name.
  /// - Throws: `CounterGroupError` with the line and the token that is not understood.
  public init(text: String, file: String) throws(CounterGroupError) {
    var reader = GroupReader(file: file)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      try reader.read(line, number: index + 1)
    }
    let name = file.split(separator: "/").last.map(String.init) ?? file
    self = try reader.group(named: name.hasSuffix(".txt") ? String(name.dropLast(4)) : name)
  }
}
