// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// What a suite's numbers say to its question.
public struct Answer: Sendable {
  /// A table with its title.
  public struct Exhibit: Sendable {
    /// What it shows.
    public var title: String
    /// The table.
    public var table: TextTable
  }

  /// The suite's name.
  public var suite: String
  /// What it asks.
  public var question: String
  /// What to expect, in one sentence; empty where the numbers say nothing.
  public var sentence = ""
  /// The numbers that need a table.
  public var exhibits: [Exhibit] = []
  /// What the numbers say in detail and why, a paragraph each.
  public var paragraphs: [String] = []
  /// What the reader should know before relying on it.
  public var caveats: [String] = []

  /// An answer that says nothing yet.
  public init(suite: String, question: String) {
    self.suite = suite
    self.question = question
  }

  /// The answer as Markdown, under a heading of the second level.
  public var markdown: String { markdown(without: []) }

  /// No line of prose is longer.
  static let width = 100

  /// The answer as Markdown, under a heading of the second level: the sentence, tables, details,
  /// caveats; those in `common` are said elsewhere.
  func markdown(without common: Set<String>) -> String {
    let shown = ShownText.markdown
    var lines = ["## \(shown(suite))", ""] + Self.paragraph("**\(shown(question))**")
    if !sentence.isEmpty { lines += Self.paragraph(shown(sentence)) }
    for exhibit in exhibits {
      lines += Self.paragraph(shown(exhibit.title) + ":") + exhibit.table.markdown() + [""]
    }
    for paragraph in paragraphs { lines += Self.paragraph(shown(paragraph)) }
    let own = caveats.filter { !common.contains($0) }
    if !own.isEmpty { lines += ["Caveats:", ""] + Self.list(own.map(shown)) + [""] }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func paragraph(_ text: String) -> [String] {
    TextLines.wrapped(text, width: width) + [""]
  }

  static func list(_ items: [String]) -> [String] {
    items.flatMap { TextLines.wrapped($0, width: width, first: "- ", rest: "  ") }
  }

  /// The answer as lines for a console: the sentence, tables if wanted, details, caveats.
  public func lines(width: Int = 100, withTables hasTable: Bool = true) -> [String] {
    let prose = { (text: String) in
      [""] + TextLines.wrapped(text, width: width, first: "  ", rest: "  ")
    }
    var lines = sentence.isEmpty ? [] : prose(sentence)
    for exhibit in hasTable ? exhibits : [] {
      lines += prose(exhibit.title) + exhibit.table.lines(width: width)
    }
    lines += paragraphs.flatMap(prose)
    if !caveats.isEmpty { lines.append("") }
    for caveat in caveats {
      lines += TextLines.wrapped("caveat: \(caveat)", width: width, first: "  ", rest: "    ")
    }
    return lines
  }
}
