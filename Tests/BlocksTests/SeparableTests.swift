// SPDX-License-Identifier: Apache-2.0

import Blocks
import Convolution
import KernelCatalog
import Testing

@Suite("Depthwise and pointwise strip by strip")
struct SeparableTests {
  /// Depthwise convolutions that meet every edge: input, and what is between the two.
  static let depthwise: [(input: String, kernel: String, isRectified: Bool)] = [
    ("ic16ih6", "kh3ph1", true), ("ic32ih12iw11", "kh3ph1", true),
    ("mb3ic24ih9iw7", "kh3sh2ph1", true), ("ic8ih7", "kh3sh2", false),
    ("ic17ih8", "kh3ph1", true), ("mb2ic19ih11iw5", "kh3sh2ph1", false),
    ("ic9ih1iw13", "kh3ph1", true), ("ic33ih10", "kh3ph2dh1", true),
    ("ic40ih14iw9", "kh5sh2ph2", true), ("ic16ih5", "kh7ph3", false),
    ("mb2ic23ih9", "kh3ph4dh3", true), ("ic31ih6iw8", "kh1", true),
    ("ic18ih17iw3", "kh3kw1sh2ph1", true), ("ic64ih5iw4", "kh2ph1", false),
  ]

  /// A depthwise convolution, a pointwise one to `channels` channels, and what follows.
  static func graph(
    _ input: String, _ kernel: String, isRectified: Bool, channels: Int
  ) throws -> OperationGraph {
    var maker = try SampleGraphs.Maker(input)
    let width = maker.graph.input.channels
    try maker.conv("depthwise", "g\(width)oc\(width)\(kernel)", "input")
    if isRectified { try maker.add("active", .relu, "depthwise") }
    try maker.conv("pointwise", "oc\(channels)kh1", isRectified ? "active" : "depthwise")
    try maker.add("out", .relu, "pointwise")
    return maker.graph
  }

  private static let runners = InstructionSet.available(for: .f32).map {
    GraphRunner(.fused, catalog: KernelCatalog(instructionSets: [$0]))
  }

  private static let fused = GraphRunner(.fused, catalog: KernelCatalog())

  private func prepared(
    _ graph: OperationGraph, _ runner: GraphRunner, workers: Int = 1
  ) throws -> PreparedGraph {
    let trial = GraphTrial(graph, seed: 1, integers: true)
    return try runner.prepare(graph, weights: trial.weights, workers: workers)
  }

  @Test("is one step where it gains, and equal to the plain composition where sums are exact")
  func exact() throws {
    for (input, kernel, isRectified) in Self.depthwise {
      for channels in [1, 8, 21, 64] {
        let graph = try Self.graph(input, kernel, isRectified: isRectified, channels: channels)
        let trial = GraphTrial(graph, seed: UInt64(channels), integers: true)
        let expected = GraphComposition(graph, input: trial.input, weights: trial.weights).values
        for runner in Self.runners {
          for workers in [1, 2, 3, 7] {
            let output = try trial.run(runner, workers: workers)
            #expect(
              output.map(Double.init) == expected.last,
              "\(input) \(kernel) to \(channels), \(runner.identity.id), \(workers) workers")
          }
          // With a stride and fewer outputs the lines decide, and nothing is gained; on small maps copies
          // between zeros, of which no strips are made, are faster than lines.
          let joined = try prepared(graph, runner)
          let isJoined =
            !joined.implementation.contains("depthwise-copied")
            && (!kernel.contains("sh2") || channels >= graph.input.channels)
          #expect((joined.steps.count == 1) == isJoined, "\(input) \(kernel) to \(channels)")
        }
      }
    }
  }

  @Test("stays within the bound of both sums on any values")
  func bounded() throws {
    for (input, kernel, isRectified) in Self.depthwise {
      let graph = try Self.graph(input, kernel, isRectified: isRectified, channels: 24)
      let trial = GraphTrial(graph, seed: 9, integers: false)
      for runner in Self.runners { _ = try trial.run(runner, workers: 2) }
    }
  }

  @Test("the residual of an inverted one is the start of the sums")
  func invertedResidual() throws {
    var maker = try SampleGraphs.Maker("mb2ic16ih9")
    try maker.conv("expand.conv", "oc40kh1", "input")
    try maker.add("expand", .relu, "expand.conv")
    try maker.conv("depthwise.conv", "g40oc40kh3ph1", "expand")
    try maker.add("depthwise", .relu, "depthwise.conv")
    try maker.conv("project", "oc16kh1", "depthwise")
    try maker.add("out", .add, "project", "input")
    let trial = GraphTrial(maker.graph, seed: 3, integers: true)
    let composition = GraphComposition(maker.graph, input: trial.input, weights: trial.weights)
    for runner in Self.runners {
      let output = try trial.run(runner, workers: 3)
      #expect(output.map(Double.init) == composition.values.last, "\(runner.identity.id)")
      let steps = try prepared(maker.graph, runner).steps.map(\.nodes)
      #expect(steps == [[0, 1], [2, 3, 4, 5]])
      let remark = runner.remark(maker.graph, workers: 1)
      #expect(remark.contains("project on strips of depthwise.conv"))
      #expect(remark.contains("out in the start of the sums of project"))
    }
  }

  @Test("is computed inside a concatenation")
  func concatenation() throws {
    for channels in [8, 13, 16] {
      var maker = try SampleGraphs.Maker("ic16ih7")
      try maker.conv("depthwise", "g16oc16kh3ph1", "input")
      try maker.conv("pointwise", "oc\(channels)kh1", "depthwise")
      try maker.conv("other", "oc16kh3ph1", "input")
      try maker.add("joined", .concatenation, "other", "pointwise")
      try maker.conv("out", "oc8kh1", "joined")
      let trial = GraphTrial(maker.graph, seed: 4, integers: true)
      let composition = GraphComposition(maker.graph, input: trial.input, weights: trial.weights)
      for runner in Self.runners {
        let output = try trial.run(runner, workers: 2)
        #expect(output.map(Double.init) == composition.values.last, "\(runner.identity.id)")
        let remark = runner.remark(maker.graph, workers: 2)
        #expect(remark.contains("pointwise on strips of depthwise"))
      }
    }
  }

  @Test("reports a strip for each worker, and what lies between is in no memory")
  func memory() throws {
    let graph = try Self.graph("ic64ih40", "kh3ph1", isRectified: true, channels: 64)
    let one = try prepared(graph, Self.fused)
    let two = try prepared(graph, Self.fused, workers: 2)
    #expect(one.scratchBytes >= 40 * 64 * 4 && two.scratchBytes >= 2 * 40 * 64 * 4)
    let unfused = try prepared(graph, GraphRunner(.unfused, catalog: KernelCatalog()))
    #expect(unfused.scratchBytes == 0)
    #expect(one.activationMemory.count < unfused.activationMemory.count)
  }

  @Test("leaves two steps where the second is not pointwise, or the first has another reader")
  func limits() throws {
    func steps(
      _ first: String, _ second: String, readsTwice: Bool = false
    ) throws -> [[Int]] {
      var maker = try SampleGraphs.Maker("ic16ih8")
      try maker.conv("depthwise", first, "input")
      try maker.conv("second", second, "depthwise")
      if readsTwice { try maker.conv("third", second, "depthwise") }
      if readsTwice { try maker.add("out", .add, "second", "third") }
      return try prepared(maker.graph, Self.fused).steps.map(\.nodes)
    }
    #expect(try steps("g16oc16kh3ph1", "oc24kh1") == [[0, 1]])
    #expect(try steps("g16oc16kh3ph1", "oc24kh3ph1") == [[0], [1]])
    #expect(try steps("g16oc16kh3ph1", "oc24kh1sh2") == [[0], [1]])
    #expect(try steps("g16oc16kh3ph1", "g2oc24kh1") == [[0], [1]])
    #expect(try steps("g16oc32kh3ph1", "oc24kh1") == [[0], [1]])
    #expect(try steps("g4oc16kh3ph1", "oc24kh1") == [[0], [1]])
    let twice = try steps("g16oc16kh3ph1", "oc24kh1", readsTwice: true)
    #expect(twice.allSatisfy { !$0.contains(0) || $0 == [0] })
  }

  @Test("is held to what the plain composition gives, also where only some outputs are looked at")
  func reference() throws {
    let graph = try Self.graph("mb2ic9ih6iw5", "kh3sh2ph1", isRectified: true, channels: 7)
    let trial = GraphTrial(graph, seed: 8, integers: false)
    let expected = GraphComposition(graph, input: trial.input, weights: trial.weights).values[3]
    let sampled = [0, 5, 8, 9, 62, 63, 64, 100, expected.count - 1]
    for indices in [nil, sampled] {
      let reference = GraphStepReference(
        Array(graph.nodes.indices), of: graph, inputs: [.input: trial.input],
        weights: trial.weights, sampling: { $0.kernel.area == 1 ? indices : [] })
      #expect(reference.reference.sampledIndices == indices)
      for (order, index) in (indices ?? Array(expected.indices)).enumerated() {
        let value = reference.reference.values[order]
        #expect(abs(value - expected[index]) < 1e-12)
        #expect(reference.reference.magnitudes[order] >= abs(value))
      }
      // Nine taps, nine channels and two biases.
      let product = 20 * 0x1p-24
      #expect(reference.bound.relative == product / (1 - product))
    }
  }
}
