// SPDX-License-Identifier: Apache-2.0

/// A CSV file (RFC 4180, line feeds) that somebody may have edited: a header, and rows of as many
/// cells that know their line.
public struct CSVFile: Hashable, Sendable {
  /// A row.
  public struct Row: Hashable, Sendable {
    /// The line on which it begins, from 1.
    public let line: Int
    /// Its cells, in the order of the columns.
    public let cells: [String]
  }

  /// The header.
  public let columns: [String]
  /// The complete rows, in order.
  public private(set) var rows: [Row]
  /// Whether the file ends inside a row, as after a crash; that row was never complete and is left
  /// out.
  public let isTruncated: Bool
  private let places: [String: Int]

  /// Lines of a cell that a crash may have cut: a reason in quotes has rarely a second one.
  private static let longestCutCell = 2

  /// Reads `text`; with `allowsCutCell`, a quote that opens in the last lines and is not closed is
  /// that of a row which a crash cut.
  /// - Throws: `CSVFault` where there is no header or it has a column twice, where a row has another
  ///   number of cells than the header, and where a quote is not closed.
  public init(_ text: String, allowsCutCell: Bool = false) throws(CSVFault) {
    let lines = CSVLines(Array(text.utf8))
    if let line = lines.openQuote,
      !allowsCutCell || lines.line - line > Self.longestCutCell
    {
      throw CSVFault(line: line, complaint: "a quote is not closed")
    }
    guard let header = lines.rows.first, header.cells != [""] else {
      throw CSVFault(line: 1, complaint: "there is no header")
    }
    columns = header.cells
    rows = Array(lines.rows.dropFirst())
    isTruncated = lines.isTruncated || lines.openQuote != nil
    var places: [String: Int] = [:]
    for (place, column) in columns.enumerated() {
      guard places.updateValue(place, forKey: column) == nil else {
        throw CSVFault(line: 1, complaint: "the column ‘\(column)’ is there twice")
      }
    }
    self.places = places
    for row in rows where row.cells.count != columns.count {
      throw CSVFault(
        line: row.line, complaint: "\(row.cells.count) cells; the header has \(columns.count)")
    }
  }

  /// The cell of a row in the column of this name; nil where there is no such column.
  public func cell(_ row: Row, _ column: String) -> String? { places[column].map { row.cells[$0] } }

  /// Keeps the first `count` rows only.
  public mutating func keep(first count: Int) { rows = Array(rows.prefix(count)) }

  /// Refuses a file without one of `columns`.
  public func require(_ columns: [String]) throws(CSVFault) {
    for column in columns where places[column] == nil {
      throw CSVFault(line: 1, complaint: "the column ‘\(column)’ is missing")
    }
  }

  /// Refuses a row that is there twice, cell by cell.
  ///
  /// Two rows of one case and kernel that differ in their times are none: `best` and a glob may both
  /// measure a kernel, each in a slice of time of its own.
  public func requireUniqueRows() throws(CSVFault) {
    var lines: [[String]: Int] = [:]
    for row in rows {
      if let first = lines.updateValue(row.line, forKey: row.cells) {
        throw CSVFault(
          line: row.line,
          complaint: "the row of \(row.cells.prefix(5).joined(separator: ", ")) is there twice, "
            + "first on line \(first)")
      }
    }
  }

  /// Refuses rows of which `fault` says, from their cells, what is wrong.
  public func check(
    rows fault: ((String) -> String?) -> String?
  ) throws(CSVFault) {
    for row in rows {
      if let complaint = fault({ cell(row, $0) }) {
        throw CSVFault(line: row.line, complaint: complaint)
      }
    }
  }

  /// Refuses cells of the first `count` columns that are not empty and not what `accepted` says of
  /// their column; nil leaves a column as it is.
  public func check(
    _ accepted: (String) -> AcceptedCells?, inFirst count: Int = .max
  ) throws(CSVFault) {
    for (place, column) in columns.prefix(count).enumerated() {
      guard let accepted = accepted(column) else { continue }
      for row in rows where !accepted.contains(row.cells[place]) {
        throw CSVFault(
          line: row.line,
          complaint: "column \(column) is ‘\(row.cells[place])’; accepted is \(accepted.text)")
      }
    }
  }
}

/// What is wrong with a CSV file, and on which line.
public struct CSVFault: Error, Hashable, Sendable {
  /// The line, from 1.
  public let line: Int
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
