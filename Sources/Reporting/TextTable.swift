// SPDX-License-Identifier: Apache-2.0

internal import Boundary

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
  /// Titles of the columns that a narrow console does without, the first to go first.
  private let expendable: [String]
  private var rows: [[String]]
  /// Titles of sections, by the row that each begins with.
  private var sections: [Int: String] = [:]

  /// A table with a header.
  /// - Parameters:
  ///   - header: The columns.
  ///   - expendable: Titles of those that are left out where they do not fit, first ones first.
  public init(
    _ header: [(title: String, alignment: Alignment)], expendable: [String] = []
  ) {
    alignments = header.map(\.alignment)
    self.expendable = expendable
    rows = [header.map(\.title)]
  }

  /// Adds a row.
  /// - Requires: as many cells as the header.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == alignments.count)
    rows.append(cells.map(ShownText.line))
  }

  /// Begins a section: the rows from here on stand under its title.
  public mutating func begin(_ section: String) {
    sections[rows.count] = ShownText.line(section)
  }

  /// Whether it has a header only.
  public var isEmpty: Bool { rows.count == 1 }

  /// The lines, `indent` spaces and a rule under the header, without trailing spaces.
  ///
  /// Where there is a `width`, no line exceeds it: expendable columns go, long names continue on the
  /// next line, and other texts are cut in the middle.
  public func lines(indent: Int = 2, width: Int? = nil) -> [String] {
    let columns = fittingColumns(indent: indent, width: width)
    let widths = fittingWidths(columns, indent: indent, width: width)
    let margin = String(repeating: " ", count: indent)
    let rule = Self.line(
      widths.map { String(repeating: "─", count: $0) }, widths, columns.map { alignments[$0] })
    var lines: [String] = []
    for place in rows.indices {
      if let title = sections[place] {
        lines += TextLines.wrapped(
          title, width: width ?? .max, first: margin, rest: margin + Self.step)
      }
      lines += shown(place, columns, widths).map { margin + $0 }
      if place == 0 { lines.append(margin + rule) }
    }
    return lines.map { line in width.map { Self.cut(line, to: $0) } ?? line }
  }

  /// A row, whose name continues on lines of its own where it is wider than its column.
  private func shown(_ place: Int, _ columns: [Int], _ widths: [Int]) -> [String] {
    let first = sections.isEmpty || place == 0 ? "" : Self.step
    var names = [first + rows[place][columns[0]]]
    if alignments[columns[0]] == .left, widths[0] >= Self.narrowest, names[0].count > widths[0] {
      names = TextLines.wrapped(
        rows[place][columns[0]], width: widths[0], first: first, rest: first + Self.step)
    }
    let aligned = columns.map { alignments[$0] }
    return names.enumerated().map { line, name in
      let cells = line == 0 ? columns.dropFirst().map { rows[place][$0] } : []
      let shown = zip([name] + cells, widths).map { Self.cut($0, to: $1) }
      return Self.line(shown, widths, aligned)
    }
  }

  /// By how much rows of a section, and what continues a line, stand to the right of it.
  private static let step = "  "

  /// The lines of the same table in Markdown.
  public func markdown() -> [String] {
    let rule = alignments.map { $0 == .left ? "---" : "---:" }
    var lines: [String] = []
    for (place, row) in rows.enumerated() {
      if let title = sections[place] {
        let rest = Array(repeating: "", count: alignments.count - 1)
        lines.append(Self.markdown(["**\(ShownText.markdown(title))**"] + rest))
      }
      lines.append(Self.markdown(row.map(ShownText.markdown)))
      if place == 0 { lines.append(Self.markdown(rule)) }
    }
    return lines
  }

  private static func markdown(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  /// A text column is cut to this much before anything worse happens.
  private static let leastText = 32
  /// A name in the first column continues on the next line rather than cost another column.
  private static let leastName = 22
  /// In a narrower one it is cut.
  private static let narrowest = 12
  private static let gap = 2

  private func natural(_ column: Int) -> Int {
    let indent = column == 0 && !sections.isEmpty ? Self.step.count : 0
    return max(
      rows[0][column].count, indent + (rows.dropFirst().map { $0[column].count }.max() ?? 0))
  }

  private static func total(_ widths: [Int], _ indent: Int) -> Int {
    indent + widths.reduce(0, +) + gap * max(0, widths.count - 1)
  }

  /// The columns that stay: without expendable ones as long as even cut texts do not fit.
  private func fittingColumns(indent: Int, width: Int?) -> [Int] {
    var columns = Array(alignments.indices)
    guard let width else { return columns }
    for title in expendable {
      guard leastTotal(columns, indent) > width else { break }
      columns.removeAll { rows[0][$0] == title }
    }
    return columns
  }

  /// The width of `columns` whose texts are cut as far as that costs little.
  private func leastTotal(_ columns: [Int], _ indent: Int) -> Int {
    let least = columns.map {
      alignments[$0] == .left
        ? min(natural($0), $0 == 0 ? Self.leastName : Self.leastText) : natural($0)
    }
    return Self.total(least, indent)
  }

  /// Whether what is not expendable fits without names that can no longer be read.
  public func fits(indent: Int = 2, width: Int) -> Bool {
    leastTotal(fittingColumns(indent: indent, width: width), indent) <= width
  }

  /// The widths of `columns`: the longest texts give way first.
  private func fittingWidths(_ columns: [Int], indent: Int, width: Int?) -> [Int] {
    var widths = columns.map(natural)
    guard let width else { return widths }
    while Self.total(widths, indent) > width {
      let texts = widths.indices.filter { alignments[columns[$0]] == .left && widths[$0] > 1 }
      guard let longest = texts.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[longest] -= 1
    }
    return widths
  }

  /// The text, or its beginning and end around an ellipsis.
  static func cut(_ text: String, to width: Int) -> String {
    guard text.count > width else { return text }
    guard width > 1 else { return String(text.prefix(max(0, width))) }
    let head = (width - 1) / 2
    return text.prefix(head) + "…" + text.suffix(width - 1 - head)
  }

  private static func line(_ cells: [String], _ widths: [Int], _ aligned: [Alignment]) -> String {
    var text = ""
    for (column, cell) in cells.enumerated() {
      let fill = String(repeating: " ", count: max(0, widths[column] - cell.count))
      text += aligned[column] == .left ? cell + fill : fill + cell
      text += column + 1 < cells.count ? String(repeating: " ", count: gap) : ""
    }
    while text.last == " " { text.removeLast() }
    return text
  }
}
