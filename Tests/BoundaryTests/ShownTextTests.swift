// SPDX-License-Identifier: Apache-2.0

import Boundary
import Testing

@Suite("Names as they are shown")
struct ShownTextTests {
  @Test(
    "a terminal sees nothing that it would obey",
    arguments: [
      ("plain name, g32 → 3×3 µs", "plain name, g32 → 3×3 µs"),
      ("\u{1B}[31mred\u{1B}[0m", "\\u{1B}[31mred\\u{1B}[0m"),
      ("two\nlines\r\n", "two\\nlines\\r\\n"), ("tab\there", "tab\\there"),
      ("\u{9B}31m\u{7F}", "\\u{9B}31m\\u{7F}"), ("a\u{202E}cba\u{2066}", "a\\u{202E}cba\\u{2066}"),
      ("a\u{2028}b\u{2029}c\u{200B}\u{FEFF}", "a\\u{2028}b\\u{2029}c\\u{200B}\\u{FEFF}"),
      ("null\0", "null\\u{0}"),
    ])
  func line(_ text: String, _ shown: String) {
    #expect(ShownText.line(text) == shown)
    #expect(ShownText.line(shown) == shown)
  }

  @Test("a text of several lines keeps its lines, and nothing else")
  func lines() { #expect(ShownText.lines("a\nb\u{1B}[2J\n") == "a\nb\\u{1B}[2J\n") }

  @Test(
    "Markdown gets no cell, code, link, image or HTML from a name",
    arguments: [
      ("a|b", "a\\|b"), ("`rm`", "\\`rm\\`"), ("<img src=x>", "&lt;img src=x>"),
      ("![x](http://y)", "!\\[x\\](http://y)"), ("&lt;", "&amp;lt;"), ("\\|", "\\\\\\|"),
      ("# title", "\\# title"), ("- item", "\\- item"), ("a # b - c", "a # b - c"),
      ("+10.0 %", "+10.0 %"), ("-0.5", "-0.5"), ("--- x", "\\--- x"), ("-", "\\-"), ("", ""),
      ("x\n\n# y", "x\\\\n\\\\n# y"),
    ])
  func markdown(_ text: String, _ shown: String) {
    // The escape of a line feed is a backslash, which Markdown shows where it is doubled.
    #expect(ShownText.markdown(text) == shown)
  }

  @Test(
    "a spreadsheet gets no formula, and keeps its numbers",
    arguments: [
      ("=1+1", "'=1+1"), ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"),
      ("-2+3", "'-2+3"), ("-", "'-"), ("-1.5e3", "-1.5e3"), ("+5", "+5"), ("-0.0", "-0.0"),
      ("direct/nchw", "direct/nchw"), ("\t=1", "\\t=1"), ("\u{FF1D}1", "'\u{FF1D}1"),
      ("'=1", "''=1"), ("'tis", "'tis"), ("", ""),
    ])
  func cell(_ text: String, _ written: String) {
    #expect(ShownText.cell(text) == written)
    #expect(ShownText.text(ofCell: written) == ShownText.line(text))
  }
}
