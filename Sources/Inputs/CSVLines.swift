// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// Splits the bytes of a CSV file into rows of cells; bytes, because “\r\n” would be a single
/// `Character`.
///
/// A last row without a line feed is left out: a run that was killed may leave half of one.
struct CSVLines {
  private(set) var rows: [(line: Int, cells: [String])] = []
  /// The line on which a quote opens that nothing closes; nil where there is none.
  private(set) var openQuote: Int?
  private var cells: [String] = []
  private var cell: [UInt8] = []
  private(set) var line = 1
  private var firstLine = 1

  init(_ bytes: [UInt8]) {
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard openQuote != nil else {
        takeBare(byte)
        continue
      }
      if byte != UInt8(ascii: "\"") {
        cell.append(byte)
      } else if index < bytes.count, bytes[index] == byte {
        cell.append(byte)
        index += 1
      } else {
        openQuote = nil
      }
    }
  }

  /// Takes a byte outside of quotes.
  private mutating func takeBare(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): openQuote = line
    case UInt8(ascii: ","): endCell()
    case UInt8(ascii: "\n"):
      endCell()
      rows.append((firstLine, cells))
      cells = []
      firstLine = line
    case UInt8(ascii: "\r"): break
    default: cell.append(byte)
    }
  }

  private mutating func endCell() {
    cells.append(ShownText.text(ofCell: String(decoding: cell, as: UTF8.self)))
    cell = []
  }
}
