// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Suites
import Testing

@Suite("What the reader of ONNX models says")
struct ONNXListingTests {
  private func suite(
    _ layers: [String], found: Int = 4, missing: String = "[]", notes: String = "[]"
  ) throws -> Suites.Suite {
    let text = """
      { "found": \(found), "read": 0, "summary": "\(found - 1) of \(found) convolutions read",
        "layers": [\(layers.joined(separator: ","))], "missing": \(missing), "notes": \(notes) }
      """
    return try ONNXListing(Data(text.utf8)).suite(file: "dir/net.onnx", name: "net")
  }

  private func layer(
    _ descriptor: String, _ name: String, count: Int = 1, bias: Bool = false, relu: Bool = false
  ) -> String {
    """
    { "descriptor": "\(descriptor)", "name": "net:\(name)", "count": \(count), "bias": \(bias),
      "relu": \(relu) }
    """
  }

  private static let rectangle =
    "mb1ic8ih30iw20oc8oh15ow10kh3kw5sh2sw2ph1pw2dh0dw0"
  private static let above = "mb1ic8ih8iw8oc8oh4ow4kh3kw3sh2sw2ph1pw1rh0rw0dh0dw0"

  @Test("Layers become cases with names, multiplicities and epilogues")
  func cases() throws {
    let suite = try suite([
      layer(Self.rectangle, "a", count: 3, bias: true, relu: true),
      layer(Self.above, "b*2", bias: true),
    ])
    #expect(suite.name == "net")
    #expect(suite.source == "dir/net.onnx")
    #expect(suite.cases.map(\.name) == ["net:a bias+relu", "net:b*2 bias"])
    #expect(suite.cases.map(\.multiplicity) == [3, 1])
    #expect(suite.cases.map(\.epilogue.hasReLU) == [true, false])
    let first = suite.cases[0].steps[0].problem
    #expect(first.stride == Extent(2, 2))
    #expect(first.padding == Padding(1, 2))
    let second = suite.cases[1].steps[0].problem
    #expect(second.padding == Padding(top: 1, left: 1, bottom: 0, right: 0))
    #expect(suite.missing == 0)
    #expect(suite.notes.map(\.description) == ["dir/net.onnx: 3 of 4 convolutions read"])
  }

  @Test("A data type in front of a descriptor is that of the case", arguments: DataType.allCases)
  func dataTypes(type: DataType) throws {
    let suite = try suite([layer("--dt=\(type.rawValue) " + Self.rectangle, "q")], found: 2)
    #expect(suite.cases.map(\.dataType) == [type])
  }

  /// What the reader says of a model of one convolution and a ReLU that it reads as a whole.
  private func whole(missing: String = "[]", reason: String? = nil) throws -> Suites.Suite? {
    let graph =
      reason.map { "{ \"reason\": \"\($0)\" }" } ?? """
        { "summary": "2 of 2 nodes run as one graph of 2", "missing": \(missing),
          "graph": {
            "input": { "batch": 1, "channels": 8, "extent": { "height": 6, "width": 6 } },
            "hasOwnWeights": true, "kept": ["a"],
            "nodes": [
              { "name": "a", "sources": ["input"], "gain": 1,
                "operation": { "convolution": { "_0": "ic8ih6oc4kh3ph1", "hasBias": true } } },
              { "name": "b", "sources": ["a"], "gain": 1,
                "operation": { "point": { "_0": { "clip": { "least": 0, "most": 6 } } } } } ] },
          "files": { "weights": "w", "input": "i", "expected": "e", "checked": ["a", "b"],
            "outputs": "o", "model": "part.onnx", "results": ["y"],
            "inputs": [{ "name": "x", "path": "p", "shape": [1, 8, 6, 6], "type": "float32" }] } }
        """
    let text = """
      { "found": 1, "read": 1, "summary": "1 of 1 convolutions read",
        "layers": [\(layer("ic8ih6oc4kh3ph1", "a"))], "missing": [], "notes": [], "graph": \(graph) }
      """
    return try ONNXListing(Data(text.utf8)).whole(file: "dir/net.onnx", name: "net")
  }

  @Test("A whole model becomes a network in both forms, set against each other")
  func wholeNetwork() throws {
    let suite = try #require(try whole())
    #expect(suite.name == "net-whole")
    #expect(suite.isWholeNetwork)
    #expect(suite.cases.map(\.name) == ["net unfused", "net fused"])
    #expect(suite.cases.map(\.form) == [.unfused, .fused])
    let graph = try #require(suite.cases[0].graph)
    #expect(graph.nodes.map(\.operation.name) == ["conv", "clip"])
    #expect(graph.results == [0, 1])
    #expect(graph.hasOwnWeights)
    #expect(suite.cases[1].model?.inputs.map(\.shape) == [[1, 8, 6, 6]])
    #expect(suite.comparisons.map(\.contenderCase) == ["net fused"])
    #expect(suite.missing == 0)
    #expect(try ONNXListing(Data(Self.withoutGraph.utf8)).whole(file: "f", name: "n") == nil)
  }

  private static let withoutGraph = """
    { "found": 0, "read": 0, "summary": "", "layers": [], "missing": [], "notes": [] }
    """

  @Test("What of a whole model is not run is said, and its suite is not complete")
  func partOfNetwork() throws {
    let missing = """
      [{ "node": "c", "operator": "LSTM", "reason": "this operator is not known" }]
      """
    let suite = try #require(try whole(missing: missing))
    #expect(suite.missing == 1)
    #expect(suite.notes.contains { $0.text == "c (LSTM) not read: this operator is not known" })
    let text = """
      { "found": 0, "read": 0, "summary": "", "layers": [], "missing": [], "notes": [],
        "graph": { "summary": "1 of 1 nodes", "graph": {
          "input": { "batch": 1, "channels": 8, "extent": { "height": 6, "width": 6 } },
          "nodes": [{ "name": "a", "sources": ["b"], "gain": 1, "operation": { "relu": {} } }] } } }
      """
    let odd = try #require(try ONNXListing(Data(text.utf8)).whole(file: "f", name: "n"))
    #expect(odd.cases.isEmpty)
    #expect(odd.notes[0].text.contains("a reads ‘b’, which no earlier node computes"))
    let none = try #require(try whole(reason: "its input has an open size"))
    #expect(none.cases.isEmpty)
    #expect(none.missing == 1)
    #expect(none.notes.map(\.text) == ["not run as a whole: its input has an open size"])
  }

  @Test("The written suite is read back with the same problems, padding and all")
  func roundTrip() throws {
    let suite = try suite([
      layer(Self.rectangle, "a", count: 3, bias: true, relu: true), layer(Self.above, "b"),
      layer("mb1ic8ih7iw7oc8oh3ow3kh3kw3sh2sw2ph0pw0rh1rw1dh0dw0", "c", count: 2),
      layer("mb1ic8ih1iw100oc8oh1ow100kh1kw5sh1sw1ph0pw4dh0dw0", "d", relu: true),
    ])
    let read = try Suite(parsing: SuiteWriter.text(suite), file: "net.json5", name: "net")
    #expect(read.cases == suite.cases)
  }

  @Test("What is missing is named by reason, and counted")
  func missing() throws {
    let suite = try suite(
      [layer(Self.above, "b"), layer("mb1ic8ih8oc8kh3ph268435457", "c", count: 2)],
      missing: """
        [{ "node": "up", "operator": "ConvTranspose", "reason": "it is transposed" },
         { "node": "v1", "operator": "Conv", "reason": "it has 3 spatial axes" },
         { "node": "v2", "operator": "Conv", "reason": "it has 3 spatial axes" }]
        """,
      notes: #"["a note"]"#)
    #expect(suite.missing == 5)
    #expect(
      suite.notes.map(\.description) == [
        "dir/net.onnx: 3 of 4 convolutions read, of which 2 cannot be run",
        "dir/net.onnx: a note",
        "dir/net.onnx: up (ConvTranspose) not read: it is transposed",
        "dir/net.onnx: v1, v2 (Conv) not read: it has 3 spatial axes",
        "dir/net.onnx: net:c, net:c (Conv) not read: mb1ic8ih8oc8kh3ph268435457: ph is 268435457; accepted is 0 to 268435456",
      ])
  }

  @Test("Where nothing is left, every convolution is named")
  func nothing() {
    let missing = (0..<5).map { #"{ "node": "c\#($0)", "operator": "Conv", "reason": "r\#($0)" }"# }
    let error = #expect(throws: SuiteError.self) {
      _ = try suite([], missing: "[\(missing.joined(separator: ","))]")
    }
    for number in 0..<5 {
      #expect(error?.description.contains("c\(number) (Conv) not read: r\(number)") == true)
    }
    #expect(throws: SuiteError.self) { _ = try suite([], found: 0) }
    #expect(throws: DecodingError.self) { _ = try ONNXListing(Data("{}".utf8)) }
  }

  @Test(
    "A model is told by its extension, in whatever case",
    arguments: [
      ("a.onnx", true), ("a.ONNX", true), ("A.Onnx", true), ("onnx", false), ("a.onnx.txt", false),
    ])
  func extensions(path: String, isModel: Bool) {
    #expect(ONNXListing.isModel(path) == isModel)
  }
}
