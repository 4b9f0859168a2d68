// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("Published figures in suites")
struct PublishedTests {
  /// A suite of two comparisons, `g=2` and `g=4`, with more keys.
  private static func text(_ keys: String) -> String {
    "{ title: 'T', axes: { g: [2, 4] }, baseline: 'ic8ih9oc8kh1', "
      + "contender: 'g{g}ic8ih9oc8kh1', \(keys) }"
  }

  private func suite(_ keys: String) throws(SuiteError) -> Suites.Suite {
    try Suite(parsing: Self.text(keys), file: "f.json5", name: "f")
  }

  @Test("Figures are read by comparison, as numbers and as words, and written back")
  func reads() throws {
    let suite = try suite(
      """
      published: [
        { on: "phone", source: "P, table 1", speedups: { "g=2": 0.9, "g=4": "slower" } },
        { on: "GPU", source: "P", against: "macs", speedups: { "g=4": 2 } },
      ]
      """)
    #expect(
      suite.published == [
        PublishedFigures(
          hardware: "phone", source: "P, table 1",
          speedups: ["g=2": .factor(0.9), "g=4": .direction(.slower)]),
        PublishedFigures(
          hardware: "GPU", source: "P", reference: .macs, speedups: ["g=4": .factor(2)]),
      ])
    let again = try Suite(parsing: SuiteWriter.text(suite), file: "w", name: "f")
    #expect(again == suite)
  }

  @Test("Shares of variance are read by cost, and written back")
  func readsShares() throws {
    let suite = try suite(
      "explains: ['activations', 'macs'], published: { on: 'V', source: 'S', r2: { macs: 0.9 } }")
    #expect(suite.explains == [.activations, .macs])
    #expect(suite.published.first?.explained == [.macs: 0.9])
    #expect(try Suite(parsing: SuiteWriter.text(suite), file: "w", name: "f") == suite)
  }

  @Test(
    "What is no figure is refused with its place and what is accepted",
    arguments: [
      ("published: {}", "published: ‘on’ is missing; accepted is the hardware that was measured"),
      (
        "published: { on: 'x', source: 's' }",
        "published: ‘speedups’ is missing; accepted is speedups or r2"
      ),
      (
        "published: { on: 'x', source: 's', speedups: { 'g=3': 1 } }",
        "published.speedups.g=3: unknown key ‘g=3’, perhaps ‘g=2’; accepted are g=2, g=4"
      ),
      (
        "published: { on: 'x', source: 's', speedups: { 'g=2': 0 } }",
        "published.speedups.g=2: 0 is not accepted; accepted is a speedup from 0.0001 to 10000, \"faster\" or \"slower\""
      ),
      (
        "published: { on: 'x', source: 's', speedups: { 'g=2': 'fast' } }",
        "published.speedups.g=2: \"fast\" is not accepted; accepted is a speedup from 0.0001 to 10000, \"faster\" or \"slower\""
      ),
      (
        "published: { on: 'x', source: 's', against: 'x', speedups: {} }",
        "published.against: \"x\" is not accepted; accepted is \"baseline\" or \"macs\""
      ),
      (
        "published: { on: 'x', source: 's', speedups: {} }",
        "published.speedups: an empty object is not accepted; accepted is an object of comparison names with a speedup each"
      ),
      (
        "explains: ['macs']",
        "explains: a list of 1 is not accepted; accepted is at least two of \"activations\", \"macs\", \"parameters\", \"traffic\", each once"
      ),
      (
        "explains: ['macs', 'macs']",
        "explains[1]: \"macs\" is not accepted; accepted is at least two of \"activations\", \"macs\", \"parameters\", \"traffic\", each once"
      ),
      (
        "explains: ['macs', 'traffic'], published: { on: 'x', source: 's', r2: { macs: 1.5 } }",
        "published.r2.macs: 1.5 is not accepted; accepted is a share from 0 to 1"
      ),
      (
        "published: { on: 'x', source: 's', r2: { macs: 0.5 } }",
        "published.r2.macs: unknown key ‘macs’; accepted are "
      ),
    ])
  func refusals(keys: String, message: String) throws {
    let error = #expect(throws: SuiteError.self) {
      _ = try Suite(parsing: Self.text(keys), file: "f.json5", name: "f")
    }
    let description = try #require(error?.description)
    #expect(description.hasSuffix(": " + message))
  }

  @Test("Every rule of the folder has figures, and says where they were measured")
  func rules() throws {
    let names = SuiteFolder.names.filter { $0.hasPrefix("rules/") }
    #expect(names.count == 8)
    for name in names {
      let suite = try SuiteFolder.library.suite(name)
      #expect(!suite.published.isEmpty)
      let given = suite.published.flatMap(\.speedups.keys)
      if suite.explains.isEmpty { #expect(Set(given) == Set(suite.comparisons.map(\.name))) }
    }
  }

  @Test("The guidelines' configurations have about equal arithmetic")
  func equalArithmetic() throws {
    for name in ["rules/equal-width", "rules/group-cost", "rules/fragmentation"] {
      let suite = try SuiteFolder.library.suite(name)
      for comparison in suite.comparisons {
        let baseline = try #require(suite.suiteCase(named: comparison.baselineCase)).cost.macs
        let contender = try #require(suite.suiteCase(named: comparison.contenderCase)).cost.macs
        #expect((0.94...1.06).contains(Double(contender) / Double(baseline)))
      }
    }
  }

  @Test("Activations are the elements that convolutions write")
  func activations() throws {
    let suite = try Suite(
      parsing: "{ title: 'T', cases: [['ic8ih9oc4kh1', 'ic4ih9oc8kh3']] }", file: "f", name: "f")
    #expect(CostKind.activations.value(of: suite.cases[0]) == Double(4 * 81 + 8 * 49))
    #expect(CostKind.macs.value(of: suite.cases[0]) == Double(8 * 4 * 81 + 4 * 8 * 9 * 49))
  }
}
