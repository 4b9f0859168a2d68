// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("Writing suites")
struct SuiteWriterTests {
  private func reread(_ suite: Suites.Suite) throws -> Suites.Suite {
    try Suite(parsing: SuiteWriter.text(suite), file: "written", name: suite.name)
  }

  @Test("Every suite of the folder is read back as it was", arguments: SuiteFolder.names)
  func folder(name: String) throws {
    let suite = try SuiteFolder.library.suite(name)
    #expect(try reread(suite) == suite)
  }

  @Test("Whatever a suite can hold is read back as it was")
  func everything() throws {
    let suite = try Suite(
      parsing: """
        { title: "with \\"quotes\\", 'both' and \\\\", question: "line\\none {braces}\\x01",
          answer: "'so' {measured a wide & g=2}, {realised}", source: "S",
          kernels: ["a/*"], workers: [1, 2], cache: ["cold", "warm"],
          contenderKernels: { baseline: ["b"], contender: ["c", "d"] },
          externalContenders: [{ name: "it's", exec: ["a", "b c"] }],
          axes: { g: [1, 2], what: ["wide", "07"] },
          cases: [
            { name: "{{braces}} {g}{what}", steps: ["g{g}ic8ih9oc4kh1n\\"one*2\\"", "ic4ih9oc8kh3"],
              epilogue: "bias", multiplicity: 7 },
            { steps: 'ic8ih9oc8kh3n"x*5"', multiplicity: 2 }],
          baseline: "ic8ih9oc8kh3",
          contenders: [
            { name: "a {what}", steps: "g{g}ic8ih9oc8kh3", epilogue: "relu" },
            { name: "b {what}", steps: ["ic8ih9oc8kh1", "ic8ih9oc8kh3"] }] }
        """, file: "f", name: "f")
    #expect(suite.cases.count == 4 + 1 + 1 + 4 + 2)
    #expect(try reread(suite) == suite)
  }

  @Test("An imported file reads as a list of descriptors")
  func imported() throws {
    let suite = try BatchFile.suite(
      parsing: "mb1ic8ih9oc8kh3n\"a*2\"\nmb1ic8ih9oc8kh1\nmb1ic8ih9oc8kh1", file: "dir/in",
      name: "in")
    #expect(
      SuiteWriter.text(suite) == """
        {
          title: "Problems of in",
          source: "dir/in",
          cases: [
            'ic8ih9oc8kh3n"a*2"',
            'ic8ih9oc8kh1n"*2"',
          ],
        }

        """)
    #expect(try reread(suite) == suite)
  }
}
