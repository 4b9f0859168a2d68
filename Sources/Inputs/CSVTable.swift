// SPDX-License-Identifier: Apache-2.0

internal import Boundary
public import Foundation

/// A CSV file (RFC 4180, line feeds), which somebody may have edited: a header, and rows of as many
/// cells.
public struct CSVTable: Sendable {
  /// The header.
  public var columns: [String] { header.columns }
  /// The complete rows, in order; one that a crash cut is left out.
  public private(set) var rows: [Row]
  private let header: Header
  private let path: String

  /// Lines of a cell that a crash may have cut: a reason in quotes has rarely a second one.
  private static let longestCutCell = 2

  /// A table of rows that have as many cells as there are columns.
  public init(columns: [String], rows: [[String]] = []) {
    (header, path, self.rows) = (Header(columns: columns), "", [])
    for cells in rows { append(cells) }
  }

  /// Reads text.
  /// - Parameters:
  ///   - text: The file.
  ///   - path: What errors name.
  ///   - table: Which file of a run it is; says of how many columns the cells are checked.
  ///   - required: The columns of a table that is compared, which also has no row twice and no quote
  ///     that nothing closes; nil for one that is answered or continued.
  /// - Throws: `CSVFault` where there is no header or it has a column twice, where a row has another
  ///   number of cells than the header, and where a cell is not what its column accepts.
  public init(
    parsing text: String, path: String = "the table", as table: RunTable? = nil,
    required: [String]? = nil
  ) throws(CSVFault) {
    let lines = CSVLines(Array(text.utf8))
    if let line = lines.openQuote, required != nil || lines.line - line > Self.longestCutCell {
      throw CSVFault(path: path, line: line, complaint: "a quote is not closed")
    }
    guard let first = lines.rows.first, first.cells != [""] else {
      throw CSVFault(path: path, line: 1, complaint: "there is no header")
    }
    let header = Header(columns: first.cells)
    (self.header, self.path) = (header, path)
    rows = lines.rows.dropFirst().map { Row(line: $0.line, cells: $0.cells, header: header) }
    try checkShape()
    try require(required ?? [])
    try checkCells(ofFirst: table?.checkedColumns ?? .max)
    if required != nil { try requireUniqueRows() }
  }

  /// Reads a table of a suite's folder; see `init(parsing:)`.
  /// - Throws: `CSVFault`.
  public init(
    _ table: RunTable, in folder: URL, required: [String]? = nil
  ) throws(CSVFault) {
    let path = folder.appending(path: table.file).path(percentEncoded: false)
    let text: String
    do throws(InputFile.Fault) {
      text = try InputFile.text(path, limit: RunTable.largestFile, allowsCutLine: true)
    } catch {
      throw CSVFault(path: path, line: nil, complaint: error.description)
    }
    try self.init(parsing: text, path: path, as: table, required: required)
  }

  /// Adds a row.
  public mutating func append(_ cells: [String]) {
    rows.append(Row(line: rows.count + 2, cells: cells, header: header))
  }

  /// Keeps the first `count` rows only.
  public mutating func keep(first count: Int) { rows = Array(rows.prefix(count)) }

  /// The table as text.
  public var text: String {
    ([columns] + rows.map(\.cells)).map(ShownText.csvLine).joined()
  }

  private func checkShape() throws(CSVFault) {
    guard header.places.count == columns.count else {
      let twice = columns.enumerated().first { columns.firstIndex(of: $1) != $0 }?.element ?? ""
      throw CSVFault(path: path, line: 1, complaint: "the column ‘\(twice)’ is there twice")
    }
    for row in rows where row.cells.count != columns.count {
      throw fault(row, "\(row.cells.count) cells; the header has \(columns.count)")
    }
  }

  private func require(_ columns: [String]) throws(CSVFault) {
    for column in columns where header.places[column] == nil {
      throw CSVFault(path: path, line: 1, complaint: "the column ‘\(column)’ is missing")
    }
  }

  /// Refuses a row that is there twice, cell by cell.
  ///
  /// Two rows of one case and kernel that differ in their times are none: `best` and a glob may both
  /// measure a kernel, each in a slice of time of its own.
  private func requireUniqueRows() throws(CSVFault) {
    var lines: [[String]: Int] = [:]
    for row in rows {
      if let first = lines.updateValue(row.line, forKey: row.cells) {
        throw fault(
          row,
          "the row of \(row.cells.prefix(5).joined(separator: ", ")) is there twice, "
            + "first on line \(first)")
      }
    }
  }

  /// Refuses cells of the first `count` columns that are not empty and not what these accept, and
  /// rows whose cells cannot be together.
  private func checkCells(ofFirst count: Int) throws(CSVFault) {
    for (place, column) in columns.prefix(count).enumerated() {
      guard let accepted = RunTable.accepted(column) else { continue }
      for row in rows where !accepted.contains(row.cells[place]) {
        throw fault(
          row, "column \(column) is ‘\(row.cells[place])’; accepted is \(accepted.text)")
      }
    }
    for row in rows {
      let complaint = RunTable.fault { column in
        header.places[column].flatMap { $0 < count ? row.cells[$0] : nil }
      }
      if let complaint { throw fault(row, complaint) }
    }
  }

  private func fault(_ row: Row, _ complaint: String) -> CSVFault {
    CSVFault(path: path, line: row.line, complaint: complaint)
  }
}

extension CSVTable {
  /// A row, which knows its columns.
  public struct Row: Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    /// Its cells, in the order of the columns.
    public let cells: [String]
    fileprivate let header: Header

    /// The table's header.
    public var columns: [String] { header.columns }

    /// The cell in the column of this name; nil where there is no such column.
    public subscript(column: String) -> String? { header.places[column].map { cells[$0] } }

    /// The cell; empty also where there is no such column.
    public func text(_ column: String) -> String { self[column] ?? "" }

    /// The cell as a number; nil where it is empty, or there is no such column.
    public func number(_ column: String) -> Double? {
      self[column].flatMap { Double(reading: $0, in: Double.everyFinite) }
    }

    /// The cell as a whole number; nil where it is empty, or there is no such column.
    public func integer(_ column: String) -> Int? {
      self[column].flatMap { Int(reading: $0, in: 0...Int.max) }
    }
  }

  fileprivate struct Header: Sendable {
    let columns: [String]
    let places: [String: Int]

    init(columns: [String]) {
      self.columns = columns
      places = Dictionary(columns.enumerated().map { ($1, $0) }) { first, _ in first }
    }
  }
}

/// What is wrong with a CSV file, and on which line.
public struct CSVFault: Error, Hashable, Sendable {
  /// The file.
  public let path: String
  /// The line, from 1; nil where the file cannot be read at all.
  public let line: Int?
  /// What is wrong; names the column where it is about one.
  public let complaint: String
}

/// What the cells of a column may hold; an empty cell always means that there is no value.
public enum AcceptedCells: Hashable, Sendable {
  /// Whole numbers.
  case integers(ClosedRange<Int>)
  /// Finite numbers in a range.
  case numbers(ClosedRange<Double>)
  /// Numbers above zero, so that none of two makes their ratio zero or infinite.
  case positive
  /// One of these words.
  case words([String])
  /// One or more of these words, with `+` between them.
  case sums([String])

  private static let positiveNumbers = 1e-30...1e30

  /// Whether a cell is accepted.
  func contains(_ cell: String) -> Bool {
    switch self {
    case _ where cell.isEmpty: true
    case .integers(let range): Int(reading: cell, in: range) != nil
    case .numbers(let range): Double(reading: cell, in: range) != nil
    case .positive: Double(reading: cell, in: Self.positiveNumbers) != nil
    case .words(let words): words.contains(cell)
    case .sums(let words):
      cell.split(separator: "+", omittingEmptySubsequences: false)
        .allSatisfy { words.contains(String($0)) }
    }
  }

  /// For an error message.
  var text: String {
    switch self {
    case .integers(let range):
      range.upperBound == .max
        ? "a whole number from \(range.lowerBound), or nothing"
        : "a whole number from \(range.lowerBound) to \(range.upperBound), or nothing"
    case .numbers(let range):
      range == Double.everyFinite
        ? "a finite number, or nothing" : "a finite number from \(range.lowerBound), or nothing"
    case .positive: "a number from 1e-30 to 1e30, or nothing"
    case .words(let words): words.joined(separator: ", ") + ", or nothing"
    case .sums(let words): words.joined(separator: ", ") + ", joined by +, or nothing"
    }
  }
}
