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

/// A place in a suite file.
public struct SuitePlace: Hashable, Sendable {
  /// The file, as it was named.
  public var file: String
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in characters.
  public var column: Int
  /// The way from the top of the file to the value: `comparisons[2].axes.groups`; empty at the top.
  public var keyPath: String
}

extension SuitePlace: CustomStringConvertible {
  /// The place as compilers print it, with the key path.
  public var description: String {
    keyPath.isEmpty ? "\(file):\(line):\(column)" : "\(file):\(line):\(column): \(keyPath)"
  }
}
