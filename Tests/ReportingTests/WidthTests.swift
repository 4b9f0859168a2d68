// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inputs
import Measuring
import Suites
import Testing

@testable import Reporting

@Suite("What a person reads fits")
struct WidthTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  /// A whole run on a machine with AVX-512, and one with AVX2 in which nearly all is decided.
  private static let (example, decided) = (
    root.appending(path: "results/example"), root.appending(path: "results/example-avx2")
  )

  private struct Record: Decodable { var limits: MachineLimits }

  private let library = SuiteLibrary(folder: Self.root.appending(path: "suites").path())

  /// The answers to every suite of a stored run.
  private func answers(of run: URL = example) throws -> [Answer] {
    let data = try Data(contentsOf: run.appending(path: "run.json"))
    let limits = try JSONDecoder().decode(Record.self, from: data).limits
    return try library.suites(["all"]).compactMap { suite in
      let folder = run.appending(path: suite.name)
      guard FileManager.default.fileExists(atPath: folder.path()) else { return nil }
      return try Answer(suite, run: run, limits: limits)
    }
  }

  @Test("no line of an answer is wider than the console", arguments: [60, 80, 120])
  func answersFit(width: Int) throws {
    let found = try answers()
    #expect(found.count > 20)
    for answer in found {
      for line in answer.lines(width: width) {
        #expect(line.count <= width, "\(answer.suite): \(line)")
      }
    }
  }

  @Test("every answer begins with a sentence that stands in a table of questions")
  func sentences() throws {
    for answer in try answers() + answers(of: Self.decided) {
      #expect(!answer.sentence.isEmpty, "\(answer.suite)")
      #expect(answer.sentence.count <= Headline.longest, "\(answer.suite): \(answer.sentence)")
      #expect(answer.lines(width: 100)[1].hasPrefix("  " + answer.sentence.prefix(20)))
      if case .words(let words) = try library.suite(answer.suite).answer?.pieces.first {
        #expect(answer.sentence.hasPrefix(words), "\(answer.suite): \(answer.sentence)")
      }
      let prose = answer.asked + answer.paragraphs + answer.open + answer.caveats
      for sentence in prose.flatMap({ $0.split(separator: ". ") }) {
        #expect(sentence.count <= Headline.longest, "\(answer.suite): \(sentence)")
      }
    }
  }

  @Test("lines of answers.md are short, and what holds for all suites stands once")
  func markdown() throws {
    let found = try answers()
    let common = "no hardware counter was read"
    #expect(found.allSatisfy { $0.caveats.contains { $0.hasPrefix(common) } })
    let shared = Set(found[0].caveats).intersection(found[1].caveats)
    for answer in found {
      let text = answer.markdown(without: shared)
      #expect(!text.contains(common))
      for line in text.split(separator: "\n") where !line.hasPrefix("|") {
        #expect(line.count <= 200, "\(answer.suite): \(line)")
      }
    }
  }

  @Test("groups save time up to somewhere, and the sentence says what to expect there")
  func groups() throws {
    let answer = try #require(
      try answers(of: Self.decided).first { $0.suite == "group-vs-standard" })
    #expect(answer.sentence.contains("along groups"))
    #expect(answer.sentence.contains("expect"))
    let table = try #require(answer.exhibits.first).table
    let data = try CSVTable(
      .comparisons, in: Self.decided.appending(path: "group-vs-standard"))
    // However many workers there were, it has each comparison once.
    let once = data.rows.filter { $0["workers"] == "1" }
    let series = Set(once.map { $0["channels"] })
    #expect(table.lines().count == once.count + series.count + 2)
  }

  @Test("a narrow table loses expendable columns, and continues long names on the next line")
  func tables() {
    var table = TextTable(
      [("name", .left), ("time", .right), ("rest", .right), ("verdict", .left)],
      expendable: ["rest", "time"])
    table.append(["a name that is much longer than all others", "12.3 ms", "12345678", "faster"])
    let wide = table.lines(indent: 0)
    #expect(table.lines(indent: 0, width: 200) == wide)
    let narrow = table.lines(indent: 0, width: 62)
    #expect(narrow.allSatisfy { $0.count <= 62 } && narrow.count == 4)
    #expect(narrow[0].contains("rest") && narrow[3] == "  all others")
    let narrower = table.lines(indent: 0, width: 42)
    #expect(!narrower[0].contains("rest") && narrower[0].contains("time"))
    #expect(narrower[2].hasPrefix("a name") && narrower[2].hasSuffix("faster"))
    #expect(!narrower.joined().contains("…"))
    let narrowest = table.lines(indent: 0, width: 10)
    #expect(narrowest.allSatisfy { $0.count <= 10 })
    // 22 of the name, two spaces, and the verdict.
    #expect(table.fits(indent: 0, width: 31) && !table.fits(indent: 0, width: 30))
  }

  @Test("in Markdown the rule is a rule, and cells stay cells")
  func markdownTable() {
    var table = TextTable([("name", .left), ("n", .right)])
    table.append(["a|b", "1"])
    let lines = table.markdown()
    #expect(lines[1] == "| --- | ---: |")
    #expect(lines[2] == "| a\\|b | 1 |")
  }

  @Test("prose is wrapped at words")
  func prose() {
    #expect(
      TextLines.wrapped("one two three four", width: 9, first: "- ", rest: "  ")
        == ["- one two", "  three", "  four"])
    #expect(TextLines.wrapped("unbreakable", width: 4) == ["unbreakable"])
    #expect(TextLines.wrapped("", width: 4, first: "> ") == ["> "])
  }

  @Test("rows of one reason are one line")
  func remarks() {
    let rows = (1...41).map {
      Remarks.Row(name: "case\($0), pytorch", status: "unsupported", reason: "not installed")
    }
    let odd = Remarks.Row(name: "alex1, mnn", status: "wrong", reason: "off by 1")
    #expect(
      Remarks.lines(rows + [odd])
        == ["41 rows unsupported: not installed", "alex1, mnn: wrong: off by 1"])
  }
}
