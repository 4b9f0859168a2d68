// SPDX-License-Identifier: Apache-2.0

import Suites
import Testing

@Suite("The limits of a suite")
struct SuiteLimitTests {
  private func message(_ text: String) -> String? {
    do throws(SuiteError) {
      _ = try Suite(parsing: text, file: "f", name: "f")
      return nil
    } catch {
      return error.description
    }
  }

  private func numbers(_ range: ClosedRange<Int>) -> String {
    range.map(String.init).joined(separator: ",")
  }

  @Test("are named with what is over them, and what is at them is accepted")
  func cases() {
    let most = SuiteLimits.mostCases
    let text = { (count: Int) in
      "{ title: 'T', axes: { a: [\(numbers(1...count / 2))] }, "
        + "cases: ['ic{a}ih2oc1kh1', 'ic{a}ih3oc1kh1'] }"
    }
    #expect(message(text(most)) == nil)
    #expect(message(text(most + 2))?.contains("too many cases; accepted are at most 10000") == true)
  }

  @Test("hold for what comparisons share, too")
  func shared() {
    let layers = Array(repeating: "'ic1ih1oc1kh1'", count: 500).joined(separator: ",")
    let text = """
      { title: 'T', axes: { a: [\(numbers(1...500))] },
        comparisons: [{ baseline: [\(layers)], contender: 'ic{a}ih1oc1kh1' }] }
      """
    #expect(message(text)?.contains("steps and nodes in all cases together") == true)
  }

  @Test("are the same for every name, of a case as of a node, with the values of its axes")
  func names() {
    let suites = { (name: String) in
      [
        "cases: [{ name: '\(name)', steps: 'ic{a}ih1oc1kh1' }]",
        "baseline: 'ic{a}ih2oc1kh1', comparisons: [{ name: '\(name)', contender: 'ic{a}ih1oc1kh1' }]",
        "cases: [{ name: 'c', input: 'ic{a}ih1', block: [{ name: '\(name)', relu: 'input' }] }]",
      ].map { "{ title: 'T', axes: { a: [7] }, \($0) }" }
    }
    let name = String(repeating: "n", count: SuiteLimits.longestName - 4)
    for text in suites(name + "{a}xyz") { #expect(message(text) == nil) }
    for text in suites(name + "{a}wxyz") {
      #expect(message(text)?.contains("(2049); accepted are at most 2048") == true)
    }
  }

  @Test("count a name's characters as they are shown: what is read can be written and read again")
  func shownNames() throws {
    let suite = { (count: Int) in
      let name = String(repeating: "\\u0001", count: count)
      return "{ title: 'T', cases: ['ic1ih1oc1kh1n\"\(name)\"'], epilogue: 'bias+relu' }"
    }
    let most = 1_024 / "\\u{1}".count
    let written = SuiteWriter.text(try Suite(parsing: suite(most), file: "f", name: "f"))
    #expect(message(written) == nil)
    #expect(message(suite(most + 1))?.contains("1025 characters") == true)
  }

  @Test("end the repetition of a block at its counter's ends")
  func repetition() {
    let text = { (from: String, to: String) in
      "{ title: 'T', cases: [{ name: 'b', input: 'ic1ih1', block: [{ name: 'x', relu: 'input' }, "
        + "{ repeat: 'i', from: \(from), to: \(to), nodes: [{ name: 'n{i}', conv: 'oc1kh1' }] }] }] }"
    }
    #expect(message(text("1", "3")) == nil)
    #expect(message(text("9223372036854775806", "9223372036854775807")) == nil)
    #expect(message(text("3", "1")) == nil)
    #expect(message(text("9223372036854775807", "-9223372036854775808")) == nil)
    #expect(message(text("-9223372036854775808", "1"))?.contains("at most 1000 times") == true)
  }
}
