// SPDX-License-Identifier: Apache-2.0

/// Something that was read and left out, with the reason.
public struct SuiteNote: Hashable, Sendable {
  /// The file.
  public var file: String
  /// The line, from 1; nil in a file that has none.
  public var line: Int?
  /// What was left out, and why.
  public var text: String
}

extension SuiteNote: CustomStringConvertible {
  /// The note with its place, as compilers print theirs.
  public var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(text)" }
}
