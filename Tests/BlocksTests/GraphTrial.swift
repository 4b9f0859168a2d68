// SPDX-License-Identifier: Apache-2.0

import Blocks
import Convolution
import TestSupport
import Testing

/// A graph with tensors, run step by step on the calling thread.
struct GraphTrial {
  let graph: OperationGraph
  let input: [Float]
  private(set) var weights: GraphWeights

  /// Tensors of small integers, on which sums of floats are exact, or of any values; `change` may put
  /// others into the input.
  init(
    _ graph: OperationGraph, seed: UInt64, integers: Bool,
    change: (inout [Float]) -> Void = { _ in }
  ) {
    var generator = SeededGenerator(seed: seed)
    let value = { (generator: inout SeededGenerator) -> Float in
      integers
        ? Float(Int.random(in: -1...1, using: &generator))
        : Float.random(in: -1..<1, using: &generator)
    }
    self.graph = graph
    var input = (0..<graph.input.count).map { _ in value(&generator) }
    change(&input)
    self.input = input
    weights = GraphWeights(
      graph.nodes.map { node in
        guard let operation = node.convolution else { return nil }
        let problem = operation.problem
        let biases = operation.epilogue.hasBias ? problem.outChannels : 0
        return Weights(
          operation, filter: (0..<problem.filterCount).map { _ in value(&generator) },
          bias: (0..<biases).map { _ in value(&generator) })
      })
    for (place, node) in graph.nodes.enumerated() {
      guard case .constant(let shape) = node.operation else { continue }
      weights.constants[place] = (0..<shape.count).map { _ in value(&generator) }
    }
  }

  /// Prepares, runs twice, and checks each step against what it read.
  /// - Returns: the output.
  func run(_ variant: any GraphVariant, workers: Int) throws -> [Float] {
    #expect(variant.support(graph, workers: workers) == .supported)
    let prepared = try variant.prepare(graph, weights: weights, workers: workers)
    prepared.input.load(input)
    for step in prepared.steps {
      for part in step.ownParts { part.fillElements(.nan) }
      run(step.phases)
      check(step, variant)
    }
    let first = prepared.steps.last?.output.values() ?? []
    run(prepared.steps.flatMap(\.phases))
    let second = prepared.steps.last?.output.values() ?? []
    let isSame = zip(first, second).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
    #expect(isSame, "a second run gives something else")
    return first
  }

  private func run(_ phases: [Phase]) {
    // In reverse and one by one: tasks must not depend on their order.
    for phase in phases {
      for task in (0..<phase.tasks).reversed() { phase.run(phase.context, task, task + 1, 0) }
    }
  }

  private func check(_ step: PreparedGraphStep, _ variant: any GraphVariant) {
    let reference = GraphStepReference(
      step.nodes, of: graph, inputs: step.inputs.mapValues { $0.values() }, weights: weights,
      sampling: { _ in nil })
    let check = Verification(
      output: step.output.values(), reference: reference.reference,
      bound: step.bound ?? reference.bound,
      shape: step.output.shape)
    if case .wrong(let text) = check.outcome {
      Issue.record("\(variant.identity.id), \(step.nodes.map { graph.nodes[$0].name }): \(text)")
    }
  }
}
