// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
internal import Inputs

/// A CSV file written row by row, so that a later failure loses nothing.
///
/// RFC 4180 with line feeds: always as many cells as the header, quoted where needed.
public final class CSVWriter {
  /// The header.
  public let columns: [String]
  private let file: AppendedFile
  private let url: URL

  /// Begins `file` with the header, in place of an earlier one.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(_ file: URL, columns: [String]) throws(ReportingError) {
    self.columns = columns
    url = file
    self.file = try ReportingError.translating(file) {
      try AppendedFile(file, beginning: Data(Self.line(columns).utf8))
    }
  }

  /// Continues `file` behind its last row.
  /// - Requires: a file that begins with `columns` and ends with a complete row.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(continuing file: URL, columns: [String]) throws(ReportingError) {
    self.columns = columns
    url = file
    self.file = try ReportingError.translating(file) { try AppendedFile(continuing: file) }
  }

  /// Writes one row; it is in the file when this returns.
  /// - Requires: as many cells as columns.
  /// - Throws: `ReportingError.cannotWrite`, as on a full disk; the file is then as it was.
  public func append(_ cells: [String]) throws(ReportingError) {
    precondition(cells.count == columns.count, "\(cells.count) cells, \(columns.count) columns")
    try ReportingError.translating(url) { try file.append(Data(Self.line(cells).utf8)) }
  }

  /// Returns when all rows are on the disk.
  /// - Throws: `ReportingError.cannotWrite`; also where the file was removed on the way.
  public func settle() throws(ReportingError) {
    try ReportingError.translating(url) { try file.settle() }
  }

  /// Writes a whole table in one step.
  /// - Throws: `ReportingError.cannotWrite`.
  public static func write(
    _ rows: [[String]], columns: [String], to file: URL
  ) throws(ReportingError) {
    let text = CSVTable(columns: columns, rows: rows).text
    try ReportingError.translating(file) { try WholeFile.write(Data(text.utf8), to: file) }
  }

  /// A row as text, its line feed included, with its cells as `ShownText.cell` makes them.
  public static func line(_ cells: [String]) -> String { ShownText.csvLine(cells) }
}
