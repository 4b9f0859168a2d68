// SPDX-License-Identifier: Apache-2.0

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
  /// What the numbers say, a paragraph each.
  public var paragraphs: [String] = []
  /// The numbers that need a table.
  public var exhibits: [Exhibit] = []
  /// What the reader should know before relying on it.
  public var caveats: [String] = []

  /// An answer that says nothing yet.
  public init(suite: String, question: String) {
    self.suite = suite
    self.question = question
  }

  /// The answer as Markdown, under a heading of the second level.
  public var markdown: String {
    var lines = ["## \(suite)", "", "**\(question)**", ""]
    for paragraph in paragraphs { lines += [paragraph, ""] }
    for exhibit in exhibits {
      lines += [exhibit.title + ":", ""] + exhibit.table.markdown() + [""]
    }
    if !caveats.isEmpty { lines += ["Caveats:", ""] + caveats.map { "- \($0)" } + [""] }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The answer as lines for a console, wrapped.
  public func lines(width: Int = 100) -> [String] {
    var lines: [String] = []
    for paragraph in paragraphs {
      lines += [""] + Self.wrapped(paragraph, width: width, first: "  ", rest: "  ")
    }
    for exhibit in exhibits { lines += ["", "  \(exhibit.title)"] + exhibit.table.lines() }
    if !caveats.isEmpty { lines.append("") }
    for caveat in caveats {
      lines += Self.wrapped("caveat: \(caveat)", width: width, first: "  ", rest: "    ")
    }
    return lines
  }

  private static func wrapped(
    _ text: String, width: Int, first: String, rest: String
  ) -> [String] {
    var lines: [String] = []
    var line = first
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
