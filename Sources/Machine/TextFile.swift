// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Small files of the kernel's, such as those under /sys and /proc.
public enum TextFile {
  /// The text without white space at its ends; nil where there is no such file.
  public static func read(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let text = String(decoding: data, as: UTF8.self)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
