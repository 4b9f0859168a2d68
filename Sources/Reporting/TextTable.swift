// SPDX-License-Identifier: Apache-2.0

/// A table of plain text with aligned columns.
public struct TextTable: Sendable {
  /// How a column's cells are aligned.
  public enum Alignment: Sendable {
    /// For text.
    case left
    /// For numbers.
    case right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// A table with a header.
  public init(_ header: [(title: String, alignment: Alignment)]) {
    alignments = header.map(\.alignment)
    rows = [header.map(\.title)]
  }

  /// Adds a row.
  /// - Requires: as many cells as the header.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == alignments.count)
    rows.append(cells)
  }

  /// The lines, a rule under the header, without trailing spaces.
  public func lines(indent: Int = 2) -> [String] {
    let widths = alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let margin = String(repeating: " ", count: indent)
    let rule = widths.map { String(repeating: "─", count: $0) }
    return [rows[0], rule].map { margin + line($0, widths) }
      + rows.dropFirst().map { margin + line($0, widths) }
  }

  /// The lines of the same table in Markdown.
  public func markdown() -> [String] {
    let rule = alignments.map { $0 == .left ? "---" : "---:" }
    return ([rows[0], rule] + rows.dropFirst()).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let fill = String(repeating: " ", count: widths[column] - cell.count)
      text += alignments[column] == .left ? cell + fill : fill + cell
      text += column + 1 < cells.count ? "  " : ""
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
