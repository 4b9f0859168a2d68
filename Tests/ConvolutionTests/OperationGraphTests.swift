// SPDX-License-Identifier: Apache-2.0

import Convolution
import Foundation
import Testing

@Suite("An operation graph")
struct OperationGraphTests {
  private func graph() throws -> OperationGraph {
    OperationGraph(input: try ProblemDescriptor.shape("ic8ih6"))
  }

  private func conv(_ text: String) throws -> GraphOperation {
    .convolution(try ProblemDescriptor.parse(text).problem, hasBias: false)
  }

  @Test(
    "is not read from what no graph can be",
    arguments: [
      ("\"channels\":8", "\"channels\":4611686018427387904"), ("\"channels\":8", "\"channels\":0"),
      ("g8ic8ih6oc8kh3", "ic8ih6oc8kh3"), ("\"gain\":1", "\"gain\":0"),
      ("\"offsetGroups\":1", "\"offsetGroups\":0"),
      ("\"offsetGroups\":1", "\"offsetGroups\":4611686018427387904"),
    ])
  func decoding(from: String, to: String) throws {
    var graph = try graph()
    let moved = try ProblemDescriptor.parse("ic8ih6oc4kh3ph1").problem
    try graph.append("offsets", try conv("ic8ih6oc18kh3ph1"), reading: ["input"])
    try graph.append(
      "moved", .deformable(DeformableOperation(ConvolutionOperation(moved))),
      reading: ["input", "offsets"])
    let window = try ProblemDescriptor.window("kh3", over: graph.input)
    try graph.append("pool", .pooling(Pooling(.largest, window: window)), reading: ["input"])
    let encoder = JSONEncoder()
    let text = String(decoding: try encoder.encode(graph), as: UTF8.self)
    #expect(try JSONDecoder().decode(OperationGraph.self, from: Data(text.utf8)) == graph)
    let range = try #require(text.range(of: from), "\(text)")
    let changed = Data(text.replacingCharacters(in: range, with: to).utf8)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(OperationGraph.self, from: changed)
    }
  }

  @Test("infers the shape of every node")
  func shapes() throws {
    var graph = try graph()
    try graph.append("a", try conv("ic8ih6oc4kh3ph1"), reading: ["input"])
    try graph.append("b", .concatenation, reading: ["input", "a"])
    let window = try ProblemDescriptor.window("kh6", over: graph.nodes[1].shape)
    try graph.append("mean", .pooling(Pooling(.mean, window: window)), reading: ["b"])
    try graph.append("scaled", .scale, reading: ["b", "mean"])
    try graph.append("mixed", .shuffle(groups: 3), reading: ["scaled"])
    try graph.checkComplete()
    #expect(graph.nodes.map(\.shape.channels) == [4, 12, 12, 12, 12])
    #expect(graph.nodes.map(\.shape.extent.height) == [6, 6, 1, 6, 6])
    #expect(graph.consumers(of: .node(1)) == [2, 3])
    #expect(graph.descriptor.contains("b=concat(input,a) + mean=global(b)"))
  }

  @Test("names the edge and both shapes where they do not meet")
  func mismatch() throws {
    var graph = try graph()
    try graph.append("a", try conv("ic8ih6oc4kh3ph1"), reading: ["input"])
    let wrong = try conv("ic8ih6oc4kh1")
    #expect {
      try graph.append("b", wrong, reading: ["a"])
    } throws: { error in
      "\(error)"
        == "edge a → b: a gives 1x4x6x6, but b takes 1x8x6x6; accepted are equal shapes"
    }
    #expect(throws: GraphError.self) { try graph.append("c", .add, reading: ["a", "input"]) }
    #expect(throws: GraphError.self) { try graph.append("c", .scale, reading: ["a", "a"]) }
    #expect(throws: GraphError.self) {
      try graph.append("c", .shuffle(groups: 3), reading: ["a"])
    }
  }

  @Test("refuses nodes that are unknown, called alike, or read by nobody")
  func structure() throws {
    var graph = try graph()
    #expect(throws: GraphError.empty) { try graph.checkComplete() }
    try graph.append("a", .relu, reading: ["input"])
    #expect(throws: GraphError.self) { try graph.append("a", .relu, reading: ["input"]) }
    #expect(throws: GraphError.self) { try graph.append("input", .relu, reading: ["a"]) }
    #expect(throws: GraphError.self) { try graph.append("b", .relu, reading: ["nothing"]) }
    #expect(throws: GraphError.self) { try graph.append("b", .add, reading: ["a"]) }
    try graph.append("b", .relu, reading: ["input"])
    #expect(throws: GraphError.unread(node: "a")) { try graph.checkComplete() }
  }

  @Test("costs what its convolutions cost, and the traffic of every node")
  func cost() throws {
    var graph = try graph()
    let operation = try conv("ic8ih6oc8kh3ph1")
    try graph.append("a", operation, reading: ["input"])
    try graph.append("b", .add, reading: ["a", "input"])
    let single = CostModel(try ProblemDescriptor.parse("ic8ih6oc8kh3ph1").problem)
    let cost = CostModel(graph)
    #expect(cost.macs == single.macs)
    #expect(cost.parameters == 576)
    #expect(cost.trafficBytes == single.trafficBytes + 4 * 3 * 8 * 36)
  }

  @Test("shuffles channels as ShuffleNet does")
  func shuffle() {
    let order = (0..<6).map {
      GraphOperation.shuffledSource($0, groups: 2, channels: 6)
    }
    #expect(order == [0, 3, 1, 4, 2, 5])
  }
}
