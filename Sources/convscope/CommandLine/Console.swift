// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation

/// The two streams: tables and data, or progress and prose.
enum Console {
  /// Writes a line to standard output.
  static func out(_ line: String) { write(ShownText.line(line), to: .standardOutput) }

  /// Writes a text of several lines to standard output.
  static func out(lines: String) { write(ShownText.lines(lines), to: .standardOutput) }

  /// Writes a line to standard error.
  static func error(_ line: String) { write(ShownText.line(line), to: .standardError) }

  private static func write(_ line: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data((line + "\n").utf8))
  }
}
