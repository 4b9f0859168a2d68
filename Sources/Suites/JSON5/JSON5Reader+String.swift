// SPDX-License-Identifier: Apache-2.0

extension JSON5Reader {
  /// Reads a string in single or double quotes.
  mutating func string() throws(SuiteError) -> String {
    let start = index
    let quote = scalars[start]
    index += 1
    var text = String.UnicodeScalarView()
    while let scalar = current {
      // JSON5 allows U+2028 and U+2029 inside strings, but no other line end.
      if scalar == "\n" || scalar == "\r" { break }
      index += 1
      if scalar == quote { return String(text) }
      if scalar == "\\" {
        if let escaped = try escape() { text.append(escaped) }
      } else {
        text.append(scalar)
      }
    }
    throw malformed(at: start, found: "a string without end", accepted: "\(quote) at its end")
  }

  /// Reads what follows a backslash; nil for a line that goes on.
  private mutating func escape() throws(SuiteError) -> Unicode.Scalar? {
    let start = index - 1
    guard let scalar = current else { return nil }
    index += 1
    switch scalar {
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "v": return "\u{B}"
    case "0" where !isDigit(current): return "\0"
    case "0"..."9": throw malformed(at: start, found: "‘\\\(scalar)’", accepted: "\\xHH or \\uHHHH")
    case "x": return try unicode(UInt32(hexDigits(2, from: start)), from: start)  // widens
    case "u": return try unicodeEscape(from: start)
    case "\r":
      _ = skip("\n")
      return nil
    case "\n", "\u{2028}", "\u{2029}": return nil
    default: return scalar
    }
  }

  /// Reads `\uHHHH`, the only escape of a name without quotes.
  mutating func identifierEscape() throws(SuiteError) -> Unicode.Scalar {
    let start = index
    guard skip("\\"), skip("u") else { throw malformed(at: start, accepted: "\\uHHHH in a name") }
    return try unicodeEscape(from: start)
  }

  /// Reads the digits of `\uHHHH`, and the second half of a surrogate pair.
  private mutating func unicodeEscape(from start: Int) throws(SuiteError) -> Unicode.Scalar {
    let first = try hexDigits(4, from: start)
    guard (0xD800..<0xDC00).contains(first) else { return try unicode(first, from: start) }
    guard skip("\\"), skip("u") else {
      throw malformed(at: start, found: "half a surrogate pair", accepted: "its second half")
    }
    let second = try hexDigits(4, from: start)
    guard (0xDC00..<0xE000).contains(second) else {
      throw malformed(at: start, found: "half a surrogate pair", accepted: "its second half")
    }
    return try unicode(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00), from: start)
  }

  private func unicode(_ value: UInt32, from start: Int) throws(SuiteError) -> Unicode.Scalar {
    guard let scalar = Unicode.Scalar(value) else {
      throw malformed(at: start, found: "half a surrogate pair", accepted: "a character")
    }
    return scalar
  }

  private mutating func hexDigits(_ count: Int, from start: Int) throws(SuiteError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count {
      guard let digit = current.flatMap({ UInt32(String($0), radix: 16) }) else {
        throw malformed(
          at: start, found: "an escape without its digits", accepted: "\(count) hexadecimal digits")
      }
      value = value << 4 + digit
      index += 1
    }
    return value
  }

  private func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { ("0"..."9").contains($0) } ?? false
  }
}
