// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

/// A block made ready to run.
final class PreparedBlock: PreparedWork {
  private let graph: PreparedGraph
  private let operations: OperationGraph
  let phases: [Phase]

  /// Prepares `nodes` and loads the input of `data`.
  /// - Throws: `MemoryError`.
  init(
    _ nodes: OperationGraph, _ data: CaseData, variant: any GraphVariant, workers: Int
  ) throws {
    operations = nodes
    graph = try variant.prepare(nodes, weights: data.graphWeights, workers: workers)
    graph.input.load(data.input)
    phases = graph.steps.flatMap { step in step.phases.map { Self.named($0, of: step, in: nodes) } }
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
  var nodes: [[Int]] { graph.steps.map(\.nodes) }
  var usesOwnThreads: Bool { false }
  var beforeRound: [Phase] { [] }
  var afterRound: [Phase] { [] }
  var implementation: String? { graph.implementation }
  var accuracy: AccuracyClass { .exact }
  var output: [Float] { graph.steps.last?.output.values() ?? [] }
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
      output: output, reference: reference.reference, bound: reference.bound,
      shape: step.output.shape, trustsZeros: isModel)
    return [check.named(name(step))] + peerCheck(step, output, data)
  }

  /// What another runtime has computed of the same node.
  private func peerCheck(
    _ step: PreparedGraphStep, _ output: [Float], _ data: CaseData
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
