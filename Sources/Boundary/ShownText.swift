// SPDX-License-Identifier: Apache-2.0

/// Names and texts from outside, made fit for where they are shown.
///
/// Suites, logs, stored runs and contenders bring names along, and a name may hold what a terminal,
/// a Markdown reader or a spreadsheet would obey instead of show. One function for each of these
/// places; nothing is dropped.
public enum ShownText {
  /// `text` on one line of a terminal: control characters (line feeds and the escape of ANSI
  /// sequences among them), marks that turn the direction of writing, and other characters without
  /// an own shape appear as `\n` or `\u{1B}`.
  public static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        shown.append(contentsOf: visible(scalar).unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }

  /// The same for a text of several lines.
  public static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
      .joined(separator: "\n")
  }

  /// `text` inside of a line of Markdown: shown as it is, and no table cell, code, link or HTML of
  /// its own.
  public static func markdown(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    let scalars = Array(line(text).unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      let opensBlock = place == 0 && Self.opensBlock(scalars)
      switch scalar {
      case "<": shown.append(contentsOf: "&lt;".unicodeScalars)
      case "&": shown.append(contentsOf: "&amp;".unicodeScalars)
      case "\\", "`", "|", "[", "]": shown.append(contentsOf: ["\\", scalar])
      default: shown.append(contentsOf: opensBlock ? ["\\", scalar] : [scalar])
      }
    }
    return String(shown)
  }

  /// Whether a line of these is a heading, a quotation, an item or a rule; `-0.5 %` is none.
  private static func opensBlock(_ scalars: [Unicode.Scalar]) -> Bool {
    switch scalars[0] {
    case "#", ">", "=", "~": true
    case "+", "-": scalars.count == 1 || scalars[1] == " " || scalars[1] == scalars[0]
    default: false
    }
  }

  /// What a spreadsheet takes for the beginning of a formula, in both widths.
  private static let formulaStarts = "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars

  /// `text` as the value of a CSV cell: on one line, and where it is no number and a spreadsheet
  /// would read a formula, with an apostrophe in front.
  public static func cell(_ text: String) -> String {
    let text = line(text)
    return isGuarded(text[...]) ? "'" + text : text
  }

  /// The text of a cell that `cell` has made.
  public static func text(ofCell cell: String) -> String {
    guard cell.unicodeScalars.first == "'" else { return cell }
    let text = Substring(cell.unicodeScalars.dropFirst())
    return isGuarded(text) ? String(text) : cell
  }

  /// Cells as a line of CSV (RFC 4180), its line feed included, each as `cell` makes it.
  public static func csvLine(_ cells: [String]) -> String {
    cells.map { quoted(cell($0)) }.joined(separator: ",") + "\n"
  }

  /// Bytes: a quote with an accent on it is a single Character, which equals no quote.
  private static func quoted(_ cell: String) -> String {
    let quote = UInt8(ascii: "\"")
    guard cell.utf8.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") }) else { return cell }
    let doubled = cell.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
  }

  /// Whether a text has, or needs, an apostrophe in front: a formula, or one with apostrophes.
  private static func isGuarded(_ text: Substring) -> Bool {
    guard let first = text.unicodeScalars.first(where: { $0 != "'" }),
      formulaStarts.contains(first)
    else { return false }
    return text.unicodeScalars.first == "'" || Double(text) == nil
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    // Nearly all there is to show; the table of categories costs more.
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return true
    default: return false
    }
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }
}
