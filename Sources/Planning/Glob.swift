// SPDX-License-Identifier: Apache-2.0

/// A pattern of variant ids: `*` stands for any text, `?` for one character.
public struct Glob: Hashable, Sendable {
  /// The pattern as written.
  public let pattern: String

  /// The glob that `pattern` describes.
  public init(_ pattern: String) {
    self.pattern = pattern
  }

  /// Whether the whole of `text` matches.
  /// - Complexity: O(pattern × text) at worst.
  public func matches(_ text: String) -> Bool {
    let pattern = Array(self.pattern), text = Array(text)
    var p = 0, t = 0
    var resume: (p: Int, t: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        resume = (p + 1, t)
        p += 1
      } else if p < pattern.count, pattern[p] == "?" || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = resume {
        // Let the last star swallow one character more.
        resume = (last.p, last.t + 1)
        p = last.p
        t = last.t + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
