// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
internal import Inputs

/// A CSV file of a run, read back: a header and rows of as many cells.
public struct CSVTable: Sendable {
  /// The header.
  public let columns: [String]
  /// The complete rows, in order.
  public private(set) var rows: [[String]]
  /// Whether the file ends inside a row, as after a crash; that row is left out.
  public let isTruncated: Bool
  private let places: [String: Int]

  /// A table of rows that have as many cells as there are columns.
  init(columns: [String], rows: [[String]] = []) {
    (self.columns, self.rows, isTruncated) = (columns, rows, false)
    places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
  }

  /// Reads RFC 4180 text with line feeds, as `CSVWriter` writes it; `path` is what errors name.
  ///
  /// Only the first `fixedColumns` are held to `RunColumns.accepted`: an axis may be called like one
  /// of them.
  /// - Throws: `ReportingError.malformed`, also where a cell of a column of numbers is none.
  public init(
    parsing text: String, path: String = "the table", fixedColumns: Int = .max
  ) throws(ReportingError) {
    do throws(CSVFault) {
      let file = try CSVFile(text, allowsCutCell: true)
      try file.check(RunColumns.accepted, inFirst: fixedColumns)
      if fixedColumns > 0 { try file.check(rows: RunColumns.fault) }
      columns = file.columns
      rows = file.rows.map(\.cells)
      isTruncated = file.isTruncated
    } catch {
      throw .malformed(path: path, line: error.line, complaint: error.complaint)
    }
    places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
  }

  /// Reads a file.
  /// - Throws: `ReportingError.cannotRead`, or `.malformed`.
  public init(reading file: URL) throws(ReportingError) {
    let path = file.path(percentEncoded: false)
    let text: String
    do throws(InputFile.Fault) {
      text = try InputFile.text(path, limit: RunColumns.largestFile, allowsCutLine: true)
    } catch {
      throw .cannotRead(path: path, reason: error.description)
    }
    let fixedColumns: Int
    switch file.lastPathComponent {
    case "comparisons.csv": fixedColumns = ComparisonTable.fixedColumns.count
    // Counts of rows, whatever the columns are called.
    case GroupMark.fileName: fixedColumns = 0
    default: fixedColumns = .max
    }
    try self.init(
      parsing: text, path: path, fixedColumns: fixedColumns)
  }

  /// The cell of a row in the column of this name; nil where there is no such column.
  public func cell(_ row: [String], _ column: String) -> String? { places[column].map { row[$0] } }

  /// The cell as a number; nil where it is empty, or there is no such column.
  public func number(_ row: [String], _ column: String) -> Double? {
    cell(row, column).flatMap { Double(reading: $0, in: Double.everyFinite) }
  }

  /// The cell as a whole number; nil where it is empty, or there is no such column.
  public func integer(_ row: [String], _ column: String) -> Int? {
    cell(row, column).flatMap { Int(reading: $0, in: 0...Int.max) }
  }

  /// Adds a row.
  mutating func append(_ cells: [String]) { rows.append(cells) }

  /// Keeps the first `count` rows only.
  public mutating func keep(first count: Int) { rows = Array(rows.prefix(count)) }

  /// The table as text.
  public var text: String { ([columns] + rows).map(CSVWriter.line).joined() }
}
