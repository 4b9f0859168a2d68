// SPDX-License-Identifier: Apache-2.0

import Convolution
import Peers
import TestSupport

/// One computation by a variant, as the measuring code would ask for it.
struct PeerTrial {
  let operation: ConvolutionOperation
  let input: [Float]
  let weights: Weights

  /// A problem with data drawn by `draw`.
  init(_ operation: ConvolutionOperation, draw: () -> Float) {
    self.operation = operation
    let problem = operation.problem
    input = (0..<problem.inputShape.count).map { _ in draw() }
    weights = Weights(
      operation, filter: (0..<problem.filterCount).map { _ in draw() },
      bias: operation.epilogue.hasBias ? (0..<problem.outChannels).map { _ in draw() } : [])
  }

  /// What `variant` computes into memory that held NaN before, with its tasks dealt to `workers`.
  func output(of variant: any ConvolutionVariant, workers: Int) throws -> [Float] {
    let problem = operation.problem
    let layouts = variant.layouts(operation)
    let source = try Activation(problem.inputShape, layout: layouts.input)
    let target = try Activation(problem.outputShape, layout: layouts.output)
    source.load(input)
    let prepared = try variant.prepare(
      operation, weights: weights, input: source, output: target, workers: workers)
    target.fill(.nan)
    Self.run(prepared, workers: workers)
    return target.values()
  }

  /// One round: the hooks around it, and each phase's tasks dealt to the workers.
  private static func run(_ prepared: PreparedOperation, workers: Int) {
    let workers = prepared.usesOwnThreads ? 1 : workers
    if let hook = prepared.beforeRound { hook.run(hook.context, 0, hook.tasks, 0) }
    for phase in prepared.phases {
      for worker in 0..<workers {
        let tasks = phase.tasks * worker / workers..<phase.tasks * (worker + 1) / workers
        phase.run(phase.context, tasks.lowerBound, tasks.upperBound, worker)
      }
    }
    if let hook = prepared.afterRound { hook.run(hook.context, 0, hook.tasks, 0) }
  }

  /// Small integers, whose sums are exact in any order.
  static func integers(_ operation: ConvolutionOperation, seed: UInt64) -> PeerTrial {
    var generator = SeededGenerator(seed: seed)
    return PeerTrial(operation) { Float(Int.random(in: -4...4, using: &generator)) }
  }

  /// Values between −1 and 1.
  static func fractions(_ operation: ConvolutionOperation, seed: UInt64) -> PeerTrial {
    var generator = SeededGenerator(seed: seed)
    return PeerTrial(operation) { Float.random(in: -1...1, using: &generator) }
  }

  /// The textbook result.
  var reference: ReferenceConvolution {
    ReferenceConvolution(operation, input: input, weights: weights)
  }
}
