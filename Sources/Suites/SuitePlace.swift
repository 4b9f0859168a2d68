// SPDX-License-Identifier: Apache-2.0

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
