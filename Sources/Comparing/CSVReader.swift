// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation

/// The rows of a CSV file (RFC 4180, line feeds) by column name.
public struct CSVReader: Hashable, Sendable {
  /// The header.
  public let columns: [String]
  /// The cells of each row, by column.
  public let rows: [[String: String]]

  /// Reads a file.
  /// - Throws: `ComparingError.unreadable`, or `.malformed` where it is not rectangular.
  public init(_ file: URL) throws(ComparingError) {
    let path = file.path(percentEncoded: false)
    let data: Data
    do {
      data = try Data(contentsOf: file)
    } catch {
      throw .unreadable(path: path, reason: SystemReason.text(of: error))
    }
    try self.init(text: String(decoding: data, as: UTF8.self), path: path)
  }

  /// Reads a text; `path` is what errors name.
  /// - Throws: `ComparingError.malformed`.
  public init(text: String, path: String) throws(ComparingError) {
    let lines = try CSVLines(Array(text.utf8), path: path).lines
    guard let header = lines.first, header != [""] else {
      throw .malformed(path: path, reason: "it has no header")
    }
    columns = header
    var rows: [[String: String]] = []
    for (number, cells) in lines.dropFirst().enumerated() {
      guard cells.count == header.count else {
        throw .malformed(
          path: path,
          reason: "line \(number + 2) has \(cells.count) cells, the header \(header.count)")
      }
      rows.append(Dictionary(zip(header, cells), uniquingKeysWith: { first, _ in first }))
    }
    self.rows = rows
  }
}
