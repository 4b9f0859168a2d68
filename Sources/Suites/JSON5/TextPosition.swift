// SPDX-License-Identifier: Apache-2.0

/// A place in a text.
struct TextPosition: Hashable, Sendable {
  /// The line, from 1.
  var line: Int
  /// The column, from 1.
  var column: Int
}
