// SPDX-License-Identifier: Apache-2.0

internal import Inputs

extension CounterGroup {
  /// Bytes of a group file.
  static let largestFile = 1 << 20
  /// Events of a group, and metrics: PAPI counts a few at a time, and each is a column.
  static let mostEvents = 100
  /// Bytes of an event's name; PAPI copies names into rooms of `PAPI_MAX_STR_LEN`.
  static let longestEventName = 127

  /// Reads the group file at `path`.
  /// - Throws: `CounterGroupError` where it cannot be read or understood.
  public init(contentsOf path: String) throws(CounterGroupError) {
    let text: String
    do throws(InputFile.Fault) {
      text = try InputFile.text(path, limit: Self.largestFile)
    } catch {
      throw .unreadable(file: path, reason: error.description)
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
