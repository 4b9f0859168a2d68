// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A CSV file written row by row, so that a later failure loses nothing.
///
/// RFC 4180 with line feeds: always as many cells as the header, quoted where needed.
public final class CSVWriter {
  /// The header.
  public let columns: [String]
  private let handle: FileHandle
  private let file: URL

  /// Creates `file`, or empties it, and writes the header.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(_ file: URL, columns: [String]) throws(ReportingError) {
    self.columns = columns
    self.file = file
    do {
      try Data().write(to: file)
      handle = try FileHandle(forWritingTo: file)
    } catch {
      throw .cannotWrite(
        path: file.path(percentEncoded: false), reason: error.localizedDescription)
    }
    try append(columns)
  }

  /// Continues `file` behind its last row.
  /// - Requires: a file that begins with `columns` and ends with a complete row.
  /// - Throws: `ReportingError.cannotWrite`.
  public init(continuing file: URL, columns: [String]) throws(ReportingError) {
    self.columns = columns
    self.file = file
    do {
      handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
    } catch {
      throw .cannotWrite(
        path: file.path(percentEncoded: false), reason: error.localizedDescription)
    }
  }

  deinit { try? handle.close() }

  /// Writes one row; it is in the file when this returns.
  /// - Requires: as many cells as columns.
  /// - Throws: `ReportingError.cannotWrite`, as on a full disk.
  public func append(_ cells: [String]) throws(ReportingError) {
    precondition(cells.count == columns.count, "\(cells.count) cells, \(columns.count) columns")
    do {
      try handle.write(contentsOf: Data(Self.line(cells).utf8))
    } catch {
      throw .cannotWrite(
        path: file.path(percentEncoded: false), reason: error.localizedDescription)
    }
  }

  /// A row as text, its line feed included.
  public static func line(_ cells: [String]) -> String {
    cells.map(quoted).joined(separator: ",") + "\n"
  }

  private static func quoted(_ cell: String) -> String {
    // Scalars: “\r\n” is a single Character, which equals neither of its halves.
    guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return cell
    }
    return "\"" + cell.replacing("\"", with: "\"\"") + "\""
  }
}
