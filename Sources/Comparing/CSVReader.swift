// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation
internal import Inputs

/// The rows of a run's CSV file (RFC 4180, line feeds) by column name.
public struct CSVReader: Hashable, Sendable {
  /// The header.
  public let columns: [String]
  /// The cells of each row, by column; a cell of a column of numbers is one, or empty.
  public let rows: [[String: String]]

  /// Reads a file that must have the columns `required`, and no row twice.
  /// - Throws: `ComparingError.unreadable`, or `.malformedLine`.
  public init(
    _ file: URL, required: [String] = []
  ) throws(ComparingError) {
    let path = file.path(percentEncoded: false)
    let text: String
    do throws(InputFile.Fault) {
      text = try InputFile.text(path, limit: RunColumns.largestFile, allowsCutLine: true)
    } catch {
      throw .unreadable(path: path, reason: error.description)
    }
    try self.init(text: text, path: path, required: required)
  }

  /// Reads a text; `path` is what errors name.
  /// - Throws: `ComparingError.malformedLine`.
  public init(
    text: String, path: String, required: [String] = []
  ) throws(ComparingError) {
    do throws(CSVFault) {
      let file = try CSVFile(text)
      try file.require(required)
      try file.check(RunColumns.accepted)
      try file.check(rows: RunColumns.fault)
      try file.requireUniqueRows()
      columns = file.columns
      rows = file.rows.map { Dictionary(uniqueKeysWithValues: zip(file.columns, $0.cells)) }
    } catch {
      throw .malformedLine(path: path, line: error.line, complaint: error.complaint)
    }
  }
}
