// SPDX-License-Identifier: Apache-2.0

import Convolution
import Suites
import Testing

@Suite("Blocks in suite files")
struct BlockReadingTests {
  private func read(_ block: String, more: String = "") throws -> Suites.Suite {
    try Suite(
      parsing: "{ title: \"t\", cases: [{ name: \"b\", \(more) \(block) }] }", file: "f.json5",
      name: "s")
  }

  private func message(_ block: String, more: String = "") -> String {
    do {
      _ = try read(block, more: more)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("nodes read the one before them, and take channels and size from it")
  func inference() throws {
    let suite = try read(
      """
      input: "ic64ih14", block: [
        { name: "a", conv: "oc32kh1", epilogue: "bias+relu" },
        { conv: "oc64kh3sh2ph1" },
        { name: "p", pool: "max", window: "kh3sh2ph1", from: "input" },
        { add: ["conv3", "p"], epilogue: "relu" }]
      """)
    let graph = try #require(suite.cases[0].graph)
    #expect(suite.cases[0].form == .fused)
    #expect(graph.nodes.map(\.name) == ["a.conv", "a", "conv3", "p", "add5.add", "add5"])
    #expect(
      graph.nodes.last?.shape == ActivationShape(batch: 1, channels: 64, extent: Extent(7, 7)))
    #expect(suite.cases[0].steps.map(\.problem.inChannels) == [64, 32])
  }

  @Test("repetitions count, and axes set how far")
  func repetition() throws {
    let suite = try read(
      """
      input: "ic8ih4", block: [
        { name: "all0", relu: "input" },
        { repeat: "layer", from: 1, to: "{depth}", nodes: [
          { name: "new{layer}", conv: "oc4kh1", from: "all{layer-1}" },
          { name: "all{layer}", concat: ["all{layer-1}", "new{layer}"] }] }]
      """, more: "axes: { depth: [1, 3] }, form: \"unfused\", layers: true,")
    #expect(
      suite.cases.map(\.name) == [
        "b depth=1", "b depth=1 / new1", "b depth=3", "b depth=3 / new1", "b depth=3 / new2",
        "b depth=3 / new3",
      ])
    #expect(suite.cases[2].graph?.nodes.last?.shape.channels == 20)
    #expect(suite.cases[2].form == .unfused)
    #expect(suite.cases[5].partOf == "b depth=3")
    #expect(suite.cases[5].steps[0].problem.inChannels == 16)
  }

  @Test("an inconsistent block is an error with its place, the edge and both shapes")
  func mismatch() {
    let text = message(
      """
      input: "ic8ih4", block: [
        { name: "a", conv: "oc4kh1" },
        { name: "b", add: ["a", "input"] }]
      """)
    #expect(text.hasPrefix("f.json5:3:"))
    #expect(text.contains("cases[0].block[1]"))
    #expect(text.contains("edge input → b: input gives 1x8x4x4, but b takes 1x4x4x4"))
    let given = message("input: \"ic8ih4\", block: [{ name: \"a\", conv: \"ic9oc4kh1\" }]")
    #expect(given.contains("edge input → a: "))
  }

  @Test(
    "what is no node, or no block, is refused with what is accepted",
    arguments: [
      ("block: [{ conv: \"oc4kh1\" }]", "‘input’ is missing"),
      ("input: \"ic8ih4\", block: [{ conv: \"oc4kh1\", relu: \"input\" }]", "one of conv"),
      ("input: \"ic8ih4\", block: [{ conv: \"oc4\" }]", "kh"),
      ("input: \"ic8ih4\", block: [{ pool: \"median\", window: \"kh2\" }]", "max, avg or global"),
      ("input: \"ic8ih4\", block: [{ pool: \"max\" }]", "‘window’ is missing"),
      (
        "input: \"ic8ih4\", block: [{ pool: \"avg\", window: \"kh2ph2\" }]",
        "the window of output row 0 lies in the padding"
      ),
      (
        "input: \"ic8ih4\", block: [{ pool: \"max\", window: \"kh3kw2ph1pw2\" }]",
        "the window of output column 0 lies in the padding"
      ),
      (
        "input: \"ic8ih1iw9\", block: [{ pool: \"avg\", window: \"kh2kw1dh2ph2\" }]",
        "the window of output row 0 lies in the padding"
      ),
      (
        "input: \"ic8ih4\", block: [{ repeat: \"i\", from: 1, to: 4, nodes: ["
          + "{ conv: \"oc8kh1\", gain: 268435456 }] }]",
        "with a gain of 268435456: its elements would be about"
      ),
      ("input: \"ic8ih4\", block: [{ relu: \"input\", gain: 3 }]", "convolutions only"),
      ("input: \"ic8ih4\", block: [{ relu: \"x\" }]", "no earlier node computes"),
      ("input: \"ic8ih4\", block: [{ relu: \"input\", epilogue: \"bias\" }]", "bias"),
      ("input: \"ic8ih4\", block: [{ shuffle: 3 }]", "not divisible by 3"),
      ("input: \"ic8ih4\", form: \"joined\", block: [{ relu: \"input\" }]", "fused"),
      ("steps: \"ic8ih4oc8kh1\", form: \"fused\"", "without ‘block’"),
      ("input: \"ic8ih4\", steps: \"ic8ih4oc8kh1\", block: [{ relu: \"input\" }]", "beside"),
      ("input: \"ic{x}ih4\", block: [{ relu: \"input\" }]", "unknown placeholder ‘x’"),
      (
        "input: \"ic8ih4\", block: [{ relu: \"input\" }, { name: \"b\", relu: \"input\" }]",
        "nothing reads"
      ),
    ])
  func refused(block: String, part: String) {
    let text = message(block)
    #expect(text.contains(part), "\(text)")
    #expect(text.hasPrefix("f.json5:1:"))
  }
}
