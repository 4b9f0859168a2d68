// SPDX-License-Identifier: Apache-2.0

import Blocks
import Convolution
import Foundation
import KernelCatalog
import TestSupport
import Testing

@Suite("Blocks")
struct GraphRunnerTests {
  /// Each instruction set of this CPU alone, and every form.
  private static let runners = InstructionSet.available(for: .f32).flatMap { instructionSet in
    GraphRunner.all(KernelCatalog(instructionSets: [instructionSet]))
  }

  private func seed(_ name: String) -> UInt64 {
    name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }
  }

  @Test("are equal to the plain composition, to the last bit, where sums are exact")
  func exact() throws {
    for (name, graph) in try SampleGraphs.all() {
      let isExact = graph.nodes.allSatisfy { node in
        if case .pooling(let pooling) = node.operation { pooling.kind == .largest } else { true }
      }
      guard isExact else { continue }
      let trial = GraphTrial(graph, seed: seed(name), integers: true)
      let composition = GraphComposition(graph, input: trial.input, weights: trial.weights)
      let expected = try #require(composition.values.last)
      for runner in Self.runners {
        for workers in [1, 3] {
          let output = try trial.run(runner, workers: workers)
          #expect(
            output.map(Double.init) == expected,
            "\(name), \(runner.identity.id), \(workers) workers, seed \(seed(name))")
        }
      }
    }
  }

  @Test("run with each implementation of parts of graphs that is asked for, where it computes one")
  func parts() throws {
    let catalog = KernelCatalog()
    var pair = try SampleGraphs.Maker("ic32ih9")
    try pair.conv("depthwise", "g32oc32kh3ph1", "input")
    try pair.conv("pointwise", "oc32kh1", "depthwise")
    let graphs =
      try SampleGraphs.all() + NetworkOperations.all(channels: 24)
      + NetworkOperations.moves(channels: 24)
      + [("modulated", try SampleGraphs.deformable(isModulated: true)), ("pair", pair.graph)]
    let blocked = Layout.channelBlocked(lanes: catalog.widestInstructionSet.lanes).name
    for runner in GraphRunner.parts(catalog) {
      let supported = graphs.filter { runner.support($0.graph, workers: 2) == .supported }
      // Blocks have no layouts of narrower vectors.
      let isUsed = ["", Layout.nhwc.name, blocked].contains(runner.identity.layout)
      #expect(supported.isEmpty == !isUsed, "\(runner.identity.id)")
      for (name, graph) in supported.prefix(3) {
        let trial = GraphTrial(graph, seed: seed(name), integers: false)
        _ = try trial.run(runner, workers: 2)
        #expect(runner.remark(graph, workers: 2).hasPrefix("computes "), "\(name)")
      }
    }
  }

  @Test("stay within each step's bound on any values")
  func bounded() throws {
    let graphs =
      try SampleGraphs.all()
      + [
        ("squeeze", try SampleGraphs.squeeze(channels: 16)),
        ("squeeze odd", try SampleGraphs.squeeze(channels: 13)),
        ("squeeze wide", try SampleGraphs.squeeze(channels: 40, size: 23)),
        ("squeeze pointwise", try SampleGraphs.squeeze("oc{c}kh1", channels: 72, size: 31)),
        ("squeeze pointwise odd", try SampleGraphs.squeeze("oc{c}kh1", channels: 19, size: 9)),
        ("squeeze depthwise", try SampleGraphs.squeeze("g{c}oc{c}kh3ph1", channels: 24, size: 9)),
        ("squeeze dilated", try SampleGraphs.squeeze("g{c}oc{c}kh3ph2dh1", channels: 21, size: 8)),
        ("squeeze grouped", try SampleGraphs.squeeze("g4oc{c}kh3ph1", channels: 16, size: 7)),
        ("modulated", try SampleGraphs.deformable(isModulated: true)),
      ]
    for (name, graph) in graphs {
      let trial = GraphTrial(graph, seed: seed(name), integers: false)
      let composition = GraphComposition(graph, input: trial.input, weights: trial.weights)
      let expected = try #require(composition.values.last)
      let largest = expected.map { abs($0) }.max() ?? 0
      for runner in Self.runners {
        let output = try trial.run(runner, workers: 2)
        let error = zip(output, expected).map { abs(Double($0) - $1) }.max() ?? 0
        // The steps are held to their bounds; this finds steps that read the wrong tensor.
        #expect(error < 1e-3 * largest, "\(name), \(runner.identity.id), seed \(seed(name))")
      }
    }
  }

  @Test(
    "have each operation of whole networks, within its bound", arguments: [1, 3, 8, 16, 19, 40])
  func networkOperations(channels: Int) throws {
    for (name, graph) in try NetworkOperations.all(channels: channels) {
      let trial = GraphTrial(graph, seed: seed(name), integers: false)
      let composition = GraphComposition(graph, input: trial.input, weights: trial.weights)
      let expected = try #require(composition.values.last)
      let largest = expected.map { abs($0) }.max() ?? 0
      for runner in Self.runners {
        let output = try trial.run(runner, workers: 2)
        let error = zip(output, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(
          error <= 1e-3 * largest, "\(name), \(runner.identity.id), \(channels), seed \(seed(name))"
        )
      }
    }
  }

  @Test("keep the results that count beside the last one")
  func keptResults() throws {
    var maker = try SampleGraphs.Maker("ic16ih6")
    try maker.conv("a", "oc16kh3ph1", "input")
    try maker.add("b", .relu, "a")
    try maker.conv("c", "oc16kh3ph1", "b")
    try maker.conv("d", "oc16kh3ph1", "c")
    try maker.conv("y", "oc16kh3ph1", "d")
    try maker.graph.keep("a")
    try maker.graph.keep("c")
    #expect(maker.graph.results == [0, 2, 4])
    let trial = GraphTrial(maker.graph, seed: 3, integers: true)
    let expected = GraphComposition(maker.graph, input: trial.input, weights: trial.weights)
    for runner in Self.runners {
      _ = try trial.run(runner, workers: 1)
      let prepared = try runner.prepare(maker.graph, weights: trial.weights, workers: 1)
      prepared.input.load(trial.input)
      for phase in prepared.steps.flatMap(\.phases) {
        phase.run(phase.context, 0, phase.tasks, 0)
      }
      for place in maker.graph.results {
        let step = try #require(prepared.steps.first { $0.nodes.last == place })
        #expect(step.output.values().map(Double.init) == expected.values[place])
      }
    }
  }

  /// Each step is held to what it read, unwritten elements are NaN, and the whole is compared with
  /// the plain composition, which finds a step that read the wrong tensor.
  @Test("drawn at random are what the plain composition gives", arguments: 1...60)
  func drawn(seed: Int) throws {
    let graph = try DrawnGraphs.graph(seed: UInt64(seed))
    let trial = GraphTrial(graph, seed: UInt64(seed), integers: false)
    let composition = GraphComposition(graph, input: trial.input, weights: trial.weights)
    let expected = try #require(composition.values.last)
    let largest = expected.map { abs($0) }.max() ?? 0
    for runner in Self.runners {
      let output = try trial.run(runner, workers: 1 + seed % 3)
      let error = zip(output, expected).map { abs(Double($0) - $1) }.max() ?? 0
      #expect(
        error < 1e-3 * largest, "\(runner.identity.id), seed \(seed): \(graph.descriptor)")
    }
  }

  @Test("with a tensor in two concatenations have it in both")
  func twoConcatenations() throws {
    var maker = try SampleGraphs.Maker("ic16ih5")
    try maker.conv("x", "oc16kh1", "input")
    try maker.conv("y", "oc16kh1", "input")
    try maker.add("p", .concatenation, "x", "y")
    try maker.conv("z", "oc8kh1", "p")
    try maker.add("out", .concatenation, "z", "x")
    let trial = GraphTrial(maker.graph, seed: 3, integers: true)
    let expected = GraphComposition(maker.graph, input: trial.input, weights: trial.weights)
    for runner in Self.runners {
      #expect(
        try trial.run(runner, workers: 1).map(Double.init) == expected.values.last,
        "\(runner.identity.id)")
    }
  }

  @Test("with what is scaled added again have it added")
  func scaledAndAdded() throws {
    var maker = try SampleGraphs.Maker("ic16ih5")
    try maker.conv("x", "oc16kh1", "input")
    try maker.pool("mean", .mean, "kh5", "x")
    try maker.add("gate", .sigmoid, "mean")
    try maker.add("scaled", .scale, "x", "gate")
    try maker.add("out", .add, "scaled", "x")
    let trial = GraphTrial(maker.graph, seed: 4, integers: false)
    for runner in Self.runners { _ = try trial.run(runner, workers: 2) }
  }

  @Test("join an addition to a convolution that stands before what is added")
  func laterAddend() throws {
    var maker = try SampleGraphs.Maker("ic16ih8")
    try maker.conv("skip", "oc32kh1sh2", "input")
    try maker.conv("a", "oc32kh3ph1", "input")
    try maker.pool("pool", .largest, "kh3sh2ph1", "a")
    try maker.add("sum", .add, "skip", "pool")
    try maker.add("out", .relu, "sum")
    let remark = GraphRunner(.fused, catalog: KernelCatalog()).remark(maker.graph, workers: 1)
    #expect(remark.contains("sum in the start of the sums of skip"))
    #expect(remark.contains("out in the store of skip"))
    let trial = GraphTrial(maker.graph, seed: 6, integers: true)
    let expected = GraphComposition(maker.graph, input: trial.input, weights: trial.weights)
    for runner in Self.runners {
      #expect(try trial.run(runner, workers: 2).map(Double.init) == expected.values.last)
    }
  }

  @Test("let a first layer read the plain image, and others nothing plain")
  func plainImage() throws {
    for (channels, isPlain) in [(3, true), (24, false)] {
      var maker = try SampleGraphs.Maker("ic\(channels)ih64")
      try maker.conv("first", "oc16kh3sh2ph1", "input")
      try maker.conv("second", "oc32kh3ph1", "first")
      let trial = GraphTrial(maker.graph, seed: 7, integers: false)
      for runner in Self.runners {
        _ = try trial.run(runner, workers: 2)
        let prepared = try runner.prepare(maker.graph, weights: trial.weights, workers: 2)
        // With narrow vectors the convolution takes so long that laying out the image hardly counts.
        let lanes = runner.identity.instructionSet?.lanes ?? 0
        guard lanes >= 8 || !isPlain else { continue }
        #expect((prepared.input.layout == .nchw) == isPlain, "\(runner.identity.id)")
      }
    }
  }

  @Test("take a transform where accuracy may be fast, and are held to its bound")
  func fast() throws {
    var maker = try SampleGraphs.Maker("ic64ih28")
    try maker.conv("a", "oc64kh3ph1", "input")
    try maker.add("b", .relu, "a")
    try maker.conv("c", "oc64kh1", "b")
    let trial = GraphTrial(maker.graph, seed: 8, integers: false)
    let widest = KernelCatalog()
    for (accuracy, transforms) in [(AccuracyClass.exact, false), (.fast, true)] {
      let runner = GraphRunner(.fused, catalog: widest, accuracy: accuracy)
      _ = try trial.run(runner, workers: 2)
      let prepared = try runner.prepare(maker.graph, weights: trial.weights, workers: 2)
      #expect(prepared.steps.map { $0.bound != nil } == [transforms, false])
    }
  }

  /// NaN and infinities at drawn places of the input: each step does with them what its reference
  /// does, fused or not.
  @Test("keep NaN and infinities where they belong", arguments: 1...30)
  func specialValues(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let graphs = try SampleGraphs.all().map(\.graph) + [try SampleGraphs.squeeze(channels: 13)]
    let graph =
      seed <= graphs.count ? graphs[seed - 1] : try DrawnGraphs.graph(seed: UInt64(100 + seed))
    // None whose sums overflow: there the order decides.
    let values: [Float] = [.nan, .infinity, -.infinity, -0.0, 0x1p-140, 1e34]
    let trial = GraphTrial(graph, seed: UInt64(seed), integers: true) { input in
      for _ in 0..<3 {
        let place = Int.random(in: 0..<input.count, using: &generator)
        input[place] = values[Int.random(in: 0..<values.count, using: &generator)]
      }
    }
    for runner in Self.runners { _ = try trial.run(runner, workers: 1 + seed % 2) }
  }

  @Test("join what the kernels can join, and say what not")
  func remarks() throws {
    let catalog = KernelCatalog()
    let fused = GraphRunner(.fused, catalog: catalog)
    let residual = fused.remark(try SampleGraphs.residual(channels: 16, batch: 1), workers: 1)
    #expect(residual.contains("a in the store of a.conv"))
    #expect(residual.contains("sum in the start of the sums of b"))
    #expect(residual.contains("out in the store of b"))
    let shuffled = fused.remark(try SampleGraphs.pointwise(groups: 4, readers: 1), workers: 1)
    #expect(shuffled.contains("shuffled as an order of the channels that second reads"))
    let odd = fused.remark(try SampleGraphs.shuffle(groups: 3), workers: 1)
    #expect(odd.contains("shuffled is a copy"))
    let dense = fused.remark(try SampleGraphs.dense(growth: 8), workers: 1)
    #expect(dense.contains("all3 in place for all2, new3"))
    #expect(dense.contains("all1 copies input"))
    let squeeze = fused.remark(try SampleGraphs.squeeze(channels: 16), workers: 1)
    #expect(squeeze.contains("sum in one pass with scaled"))
    #expect(squeeze.contains("sums of mean in the store of a"))
    let depthwise = fused.remark(
      try SampleGraphs.squeeze("g{c}oc{c}kh3ph1", channels: 24), workers: 1)
    #expect(depthwise.contains("sums of mean in the store of a"))
    let pooled = fused.remark(try SampleGraphs.pooledMean(), workers: 1)
    #expect(pooled.contains("mean reads its input again"))
    let unfused = GraphRunner(.unfused, catalog: catalog)
    #expect(!unfused.remark(try SampleGraphs.residual(channels: 16), workers: 1).contains("joined"))
  }

  @Test("reads back from JSON as the same graph, whatever it is made of")
  func coding() throws {
    for seed in 0..<60 {
      let graph = try DrawnGraphs.graph(seed: UInt64(seed))
      let data = try JSONEncoder().encode(graph)
      #expect(try JSONDecoder().decode(OperationGraph.self, from: data) == graph)
    }
  }
}
