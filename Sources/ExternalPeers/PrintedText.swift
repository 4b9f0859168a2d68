// SPDX-License-Identifier: Apache-2.0

/// The end of what a contender printed, bounded, as evidence for a reason.
struct PrintedText {
  /// Bytes that are kept.
  static let capacity = 4096
  /// Lines and characters of the evidence: a reason stays one readable line.
  static let evidenceLines = 3
  static let evidenceCharacters = 400

  private var bytes: [UInt8] = []

  /// Adds bytes and forgets the oldest.
  mutating func append(_ more: some Collection<UInt8>) {
    bytes.append(contentsOf: more.suffix(Self.capacity))
    if bytes.count > Self.capacity { bytes.removeFirst(bytes.count - Self.capacity) }
  }

  /// The last lines on one line; empty where nothing was printed.
  var evidence: String {
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(whereSeparator: \.isNewline)
      .map { Self.printable($0) }
      .filter { !$0.isEmpty }
    return String(
      lines.suffix(Self.evidenceLines).joined(separator: " / ").suffix(Self.evidenceCharacters))
  }

  /// The first bytes of `text` for a quotation, without control characters.
  static func quote(_ text: [UInt8]) -> String {
    String(printable(String(decoding: text.prefix(120), as: UTF8.self)[...]).prefix(80))
  }

  private static func printable(_ text: Substring) -> String {
    let shown = text.unicodeScalars.map { scalar -> Character in
      scalar.properties.generalCategory == .control ? " " : Character(scalar)
    }
    return String(shown).trimmingCharacters(while: { $0 == " " })
  }
}

extension String {
  fileprivate func trimmingCharacters(while isTrimmed: (Character) -> Bool) -> String {
    var rest = self[...].drop(while: isTrimmed)
    while let last = rest.last, isTrimmed(last) { rest.removeLast() }
    return String(rest)
  }
}
