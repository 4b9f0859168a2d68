// SPDX-License-Identifier: Apache-2.0

/// Prose in lines of a limited width.
public enum TextLines {
  /// The words of `text` in lines of at most `width` characters; a longer word has its own line.
  ///
  /// The first line begins with `first`, the others with `rest`; both count as part of the line.
  public static func wrapped(
    _ text: String, width: Int, first: String = "", rest: String = ""
  ) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
