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
  /// The same in the kernels of each runtime that was asked, a sentence each.
  public var asked: [String] = []
  /// The numbers that need a table.
  public var exhibits: [Exhibit] = []
  /// What more workers bring and why it is so, a sentence each.
  public var paragraphs: [String] = []
  /// What does not hold, or is not decided.
  public var open: [String] = []
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

  /// The answer as Markdown, under a heading of the second level: the sentence, tables, why, what does
  /// not hold, caveats; those in `common` are said elsewhere.
  func markdown(without common: Set<String>) -> String {
    let shown = ShownText.markdown
    var lines = ["## \(shown(suite))", ""] + Self.paragraph("**\(shown(question))**")
    for sentence in [sentence] + asked where !sentence.isEmpty {
      lines += Self.paragraph(shown(sentence))
    }
    for exhibit in exhibits {
      lines += Self.paragraph(shown(exhibit.title) + ":") + exhibit.table.markdown() + [""]
    }
    for paragraph in paragraphs { lines += Self.paragraph(shown(paragraph)) }
    let own = caveats.filter { !common.contains($0) }
    for (title, items) in [("What does not hold", open), ("Caveats", own)] where !items.isEmpty {
      lines += ["\(title):", ""] + Self.list(items.map(shown)) + [""]
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func paragraph(_ text: String) -> [String] {
    TextLines.wrapped(text, width: width) + [""]
  }

  static func list(_ items: [String]) -> [String] {
    items.flatMap { TextLines.wrapped($0, width: width, first: "- ", rest: "  ") }
  }

  /// The answer as lines for a console: the sentence, tables, why, what does not hold, caveats.
  ///
  /// Without a width tables have every column, however wide.
  public func lines(width tableWidth: Int?) -> [String] {
    let width = tableWidth ?? Self.width
    let prose = { (text: String) in
      [""] + TextLines.wrapped(text, width: width, first: "  ", rest: "  ")
    }
    var lines = ([sentence] + asked).filter { !$0.isEmpty }.flatMap(prose)
    for exhibit in exhibits {
      lines += prose(exhibit.title) + exhibit.table.lines(width: tableWidth)
    }
    lines += paragraphs.flatMap(prose)
    for (title, items) in [("does not hold", open), ("caveat", caveats)] where !items.isEmpty {
      lines.append("")
      for item in items {
        lines += TextLines.wrapped("\(title): \(item)", width: width, first: "  ", rest: "    ")
      }
    }
    return lines
  }
}
