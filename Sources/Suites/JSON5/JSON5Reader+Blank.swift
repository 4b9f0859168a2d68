// SPDX-License-Identifier: Apache-2.0

extension JSON5Reader {
  /// Steps over white space and comments.
  mutating func skipBlank() throws(SuiteError) {
    while let scalar = current {
      if scalar.properties.isWhitespace || scalar == "\u{FEFF}" {
        index += 1
      } else if scalar == "/" {
        try skipComment()
      } else {
        return
      }
    }
  }

  private mutating func skipComment() throws(SuiteError) {
    let start = index
    index += 1
    if skip("/") {
      while let scalar = current, !Self.isLineEnd(scalar) { index += 1 }
      return
    }
    guard skip("*") else {
      throw malformed(at: start, accepted: "a comment, which begins with // or /*")
    }
    while current != nil {
      if skip("*") {
        if skip("/") { return }
      } else {
        index += 1
      }
    }
    throw malformed(at: start, found: "a comment without end", accepted: "*/ at its end")
  }

  static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }
}
