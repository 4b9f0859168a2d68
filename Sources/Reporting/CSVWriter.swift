// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation

/// A CSV file written row by row, so that a later failure loses nothing.
///
/// RFC 4180 with line feeds: always as many cells as the header, quoted where needed.
public final class CSVWriter {
  /// The header.
  public let columns: [String]
  private let file: AppendedFile

  /// Creates `file`, or empties it, and writes the header.
  /// - Throws: `ReportingError.cannotWrite`.
  public convenience init(_ file: URL, columns: [String]) throws(ReportingError) {
    try self.init(file, .emptied, columns)
    try append(columns)
  }

  /// Continues `file` behind its last row.
  /// - Requires: a file that begins with `columns` and ends with a complete row.
  /// - Throws: `ReportingError.cannotWrite`.
  public convenience init(continuing file: URL, columns: [String]) throws(ReportingError) {
    try self.init(file, .continued, columns)
  }

  private init(
    _ file: URL, _ start: AppendedFile.Start, _ columns: [String]
  ) throws(ReportingError) {
    self.columns = columns
    do throws(FileFailure) {
      self.file = try AppendedFile(file.path(percentEncoded: false), start)
    } catch {
      throw ReportingError(error)
    }
  }

  /// Writes one row; it is in the file when this returns.
  /// - Requires: as many cells as columns.
  /// - Throws: `ReportingError.cannotWrite`, as on a full disk.
  public func append(_ cells: [String]) throws(ReportingError) {
    precondition(cells.count == columns.count, "\(cells.count) cells, \(columns.count) columns")
    do throws(FileFailure) {
      try file.append(Data(Self.line(cells).utf8))
    } catch {
      throw ReportingError(error)
    }
  }

  /// A row as text, its line feed included, with its cells as `ShownText.cell` makes them.
  public static func line(_ cells: [String]) -> String {
    cells.map { quoted(ShownText.cell($0)) }.joined(separator: ",") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    // Scalars: “\r\n” is a single Character, which equals neither of its halves.
    guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return cell
    }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
