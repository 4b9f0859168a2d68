// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The two streams: tables and data, or progress and prose.
enum Console {
  /// Writes a line to standard output.
  static func out(_ line: String) { write(line, to: .standardOutput) }

  /// Writes a line to standard error.
  static func error(_ line: String) { write(line, to: .standardError) }

  private static func write(_ line: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data((line + "\n").utf8))
  }
}
