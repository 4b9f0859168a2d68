// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// Splits the bytes of a CSV file into lines of cells; bytes, because “\r\n” would be a single
/// `Character`.
struct CSVLines {
  private(set) var lines: [[String]] = []
  private var cells: [String] = []
  private var cell: [UInt8] = []
  private var isQuoted = false

  /// Splits `bytes`; `path` is what errors name.
  ///
  /// A run that was killed may leave half a row at the end; it was never complete, so it does not
  /// count.
  /// - Throws: `ComparingError.malformed` where a quote is not closed.
  init(_ bytes: [UInt8], path: String) throws(ComparingError) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard isQuoted else {
        takeBare(byte)
        continue
      }
      if byte != UInt8(ascii: "\"") {
        cell.append(byte)
      } else if index < bytes.count, bytes[index] == byte {
        cell.append(byte)
        index += 1
      } else {
        isQuoted = false
      }
    }
    guard !isQuoted else { throw .malformed(path: path, reason: "a quote is not closed") }
  }

  /// Takes a byte outside of quotes.
  private mutating func takeBare(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): isQuoted = true
    case UInt8(ascii: ","): endCell()
    case UInt8(ascii: "\n"):
      endCell()
      lines.append(cells)
      cells = []
    case UInt8(ascii: "\r"): break
    default: cell.append(byte)
    }
  }

  private mutating func endCell() {
    cells.append(ShownText.text(ofCell: String(decoding: cell, as: UTF8.self)))
    cell = []
  }
}
