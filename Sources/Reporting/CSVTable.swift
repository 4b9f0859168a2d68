// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation

/// A CSV file of a run, read back: a header and rows of as many cells.
public struct CSVTable: Sendable {
  /// The header.
  public let columns: [String]
  /// The complete rows, in order.
  public private(set) var rows: [[String]]
  /// Whether the file ends inside a row, as after a crash; that row is left out.
  public let isTruncated: Bool
  private let places: [String: Int]

  /// Reads RFC 4180 text with line feeds, as `CSVWriter` writes it.
  public init(parsing text: String) {
    let (records, isComplete) = Self.records(text)
    columns = records.first ?? []
    let width = columns.count
    rows = records.dropFirst().prefix { $0.count == width }
    isTruncated = !isComplete || rows.count < records.count - 1
    places = Dictionary(
      columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads a file.
  /// - Throws: `ReportingError.cannotRead`.
  public init(reading file: URL) throws(ReportingError) {
    guard let data = try? Data(contentsOf: file) else {
      throw .cannotRead(
        path: file.path(percentEncoded: false), reason: "the file cannot be opened")
    }
    self.init(parsing: String(decoding: data, as: UTF8.self))
  }

  /// The cell of a row in the column of this name; nil where there is no such column.
  public func cell(_ row: [String], _ column: String) -> String? { places[column].map { row[$0] } }

  /// The cell as a number; nil where it is empty or none.
  public func number(_ row: [String], _ column: String) -> Double? {
    cell(row, column).flatMap { Double($0) }
  }

  /// Keeps the first `count` rows only.
  public mutating func keep(first count: Int) { rows = Array(rows.prefix(count)) }

  /// The table as text.
  public var text: String { ([columns] + rows).map(CSVWriter.line).joined() }

  /// The records of a text, and whether the last one ends with a line feed.
  private static func records(_ text: String) -> (records: [[String]], isComplete: Bool) {
    var records: [[String]] = []
    var cells: [String] = []
    var cell = String.UnicodeScalarView()
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending {
      pending = scalars.next()
      switch scalar {
      case "\"" where isQuoted && pending == "\"":
        cell.append(scalar)
        pending = scalars.next()
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        cells.append(ShownText.text(ofCell: String(cell)))
        cell = String.UnicodeScalarView()
      case "\n" where !isQuoted:
        records.append(cells + [ShownText.text(ofCell: String(cell))])
        cells = []
        cell = String.UnicodeScalarView()
      default: cell.append(scalar)
      }
    }
    return (records, cells.isEmpty && cell.isEmpty && !isQuoted)
  }
}
