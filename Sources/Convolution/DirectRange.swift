// SPDX-License-Identifier: Apache-2.0

/// Entries `first..<end` of a table, as plain data.
public struct DirectRange: BitwiseCopyable {
  /// The first entry.
  public var first: Int
  /// Past the last entry.
  public var end: Int

  /// The entries of `range`.
  public init(_ range: Range<Int>) {
    first = range.lowerBound
    end = range.upperBound
  }
}
