// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

/// A block made ready to run.
final class PreparedBlock: PreparedWork {
  private let graph: PreparedGraph
  private let operations: OperationGraph
  private let entrance: [PreparedOperation], exits: [PreparedOperation]
  let phases: [Phase]

  /// Prepares `nodes` and loads the input of `data`.
  /// - Throws: `MemoryError`.
  init(
    _ nodes: OperationGraph, _ data: CaseData, variant: any GraphVariant, workers: Int
  ) throws {
    operations = nodes
    graph = try variant.prepare(nodes, weights: data.graphWeights, workers: workers)
    graph.input.load(data.input)
    let isModel = !data.expected.isEmpty
    entrance = isModel ? try Self.entrance(graph, data.input) : []
    exits = isModel ? try Self.exits(graph, of: nodes) : []
    let own = graph.steps.flatMap { step in
      step.phases.map { Self.named($0, of: step, in: nodes) }
    }
    phases = entrance.flatMap(\.phases) + own + exits.flatMap(\.phases)
  }

  /// What lays the image out as the first step wants it: other runtimes are given plain images, too.
  /// - Throws: `MemoryError`.
  private static func entrance(
    _ graph: PreparedGraph, _ input: TensorValues
  ) throws -> [PreparedOperation] {
    guard graph.input.layout != .nchw else { return [] }
    let plain = try Activation(graph.input.shape, layout: .nchw)
    plain.load(input)
    return [LayoutConversion(from: plain, to: graph.input).prepared()]
  }

  /// What gives the results as plain images; those of one pixel are plain already.
  /// - Throws: `MemoryError`.
  private static func exits(
    _ graph: PreparedGraph, of nodes: OperationGraph
  ) throws -> [PreparedOperation] {
    let results = graph.steps.filter { step in nodes.results.contains { $0 == step.nodes.last } }
    return try results.map(\.output).compactMap { output -> PreparedOperation? in
      guard output.layout != .nchw, output.isWhole, output.shape.extent.area > 1 else { return nil }
      let plain = try Activation(output.shape, layout: .nchw)
      return LayoutConversion(from: output, to: plain).prepared()
    }
  }

  /// A phase that says which nodes it is of: `kernel` alone is that of every convolution.
  private static func named(
    _ phase: Phase, of step: PreparedGraphStep, in nodes: OperationGraph
  ) -> Phase {
    let names = step.nodes.map { nodes.nodes[$0].name }
    guard names != [phase.name] else { return phase }
    var phase = phase
    phase.name = names.joined(separator: "+") + PhaseProfile.separator + phase.name
    return phase
  }

  var parts: [[Phase]] { graph.steps.map(\.phases) }
  var steps: [(nodes: [Int], phases: Int)] {
    let own = graph.steps.map { (nodes: $0.nodes, phases: $0.phases.count) }
    let around = [entrance, exits].map { (nodes: [Int](), phases: $0.flatMap(\.phases).count) }
    return [around[0]] + own + [around[1]]
  }
  var usesOwnThreads: Bool { false }
  var beforeRound: [Phase] { [] }
  var afterRound: [Phase] { [] }
  var implementation: String? { graph.implementation }
  var accuracy: AccuracyClass { graph.steps.contains { $0.bound != nil } ? .fast : .exact }
  var output: [Double] { graph.steps.last?.output.exactValues() ?? [] }
  var scratchBytes: Int { graph.scratchBytes }
  var filterMemory: [UnsafeRawBufferPointer] { graph.filterMemory }
  var activationMemory: [UnsafeRawBufferPointer] { graph.activationMemory }

  /// A step that only has parts in place has nothing to forget.
  func forget(part: Int) {
    let step = graph.steps[part]
    for part in step.ownParts { part.fillElements(.nan) }
  }

  func verify(
    part: Int, caseName: String, data: CaseData, references: ReferenceCache
  ) -> [Verification] {
    let step = graph.steps[part]
    // A constant computes nothing.
    if step.inputs.isEmpty { return [] }
    let isModel = !data.expected.isEmpty
    let limit = isModel ? ReferenceCache.modelProducts : ReferenceCache.fullCheckMACs
    let products = isModel ? ReferenceCache.modelProducts : ReferenceCache.sampledProducts
    let reference = GraphStepReference(
      step.nodes, of: operations, inputs: step.inputs.mapValues { $0.values() },
      weights: data.graphWeights,
      sampling: { problem in
        CostModel(problem).macs > limit
          ? ReferenceCache.sampledOutputs(problem, products: products) : nil
      })
    let output = step.output.values()
    let check = Verification(
      output: output, reference: reference.reference, bound: step.bound ?? reference.bound,
      shape: step.output.shape, trustsZeros: isModel)
    return [check.named(name(step))] + peerCheck(step, output, data)
  }

  /// What another runtime has computed of the same node.
  private func peerCheck(
    _ step: PreparedGraphStep, _ output: TensorValues, _ data: CaseData
  ) -> [Verification] {
    guard let last = step.nodes.last, let expected = data.expected[operations.nodes[last].name]
    else {
      return []
    }
    let check = Verification(
      output: output, expected: expected, largestError: ModelFiles.largestError,
      source: ModelFiles.source)
    return [check.named(name(step))]
  }

  private func name(_ step: PreparedGraphStep) -> String {
    step.nodes.map { operations.nodes[$0].name }.joined(separator: "+")
  }
}
