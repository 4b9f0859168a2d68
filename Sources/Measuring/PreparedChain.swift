// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The steps of a case made ready to run one after the other, with reorders where layouts differ.
final class PreparedChain: PreparedWork {
  private let steps: [Step]
  private let reorders: [PreparedOperation]
  /// What runs, in order.
  let phases: [Phase]

  private struct Step {
    var variant: any ConvolutionVariant
    var operation: ConvolutionOperation
    var prepared: PreparedOperation
    var input: Activation
    var output: Activation
  }

  /// Prepares the operations of `data`, one variant per step.
  /// - Throws: `MemoryError`, or an error of a library.
  init(_ data: CaseData, variants: [any ConvolutionVariant], workers: Int) throws {
    precondition(variants.count == data.operations.count)
    var steps: [Step] = []
    var reorders: [PreparedOperation] = []
    var phases: [Phase] = []
    for (number, variant) in variants.enumerated() {
      let operation = data.operations[number]
      let layouts = variant.layouts(operation)
      let input: Activation
      if let previous = steps.last?.output, previous.layout == layouts.input {
        input = previous
      } else {
        input = try Activation(
          operation.problem.inputShape, layout: layouts.input,
          type: operation.problem.dataType.input)
        if let previous = steps.last?.output {
          let reorder = LayoutConversion(from: previous, to: input).prepared()
          reorders.append(reorder)
          phases += reorder.phases
        } else {
          input.load(data.input)
        }
      }
      let output = try Activation(
        operation.problem.outputShape, layout: layouts.output,
        type: operation.problem.dataType.output)
      let prepared = try variant.prepare(
        operation, weights: data.weights[number], input: input, output: output, workers: workers)
      phases += prepared.phases
      steps.append(
        Step(
          variant: variant, operation: operation, prepared: prepared, input: input, output: output)
      )
    }
    self.steps = steps
    self.reorders = reorders
    self.phases = phases
  }

  /// Whether a step computes on a library's own threads.
  var usesOwnThreads: Bool { steps.contains { $0.prepared.usesOwnThreads } }

  /// What worker 0 does before each round, outside the clock.
  var beforeRound: [Phase] { steps.compactMap(\.prepared.beforeRound) }

  /// What worker 0 does after each round, outside the clock.
  var afterRound: [Phase] { steps.compactMap(\.prepared.afterRound) }

  /// What the variants chose by themselves, reorders included.
  var implementation: String? {
    let names = (steps.map(\.prepared) + reorders).compactMap(\.implementation)
    return names.isEmpty ? nil : names.joined(separator: "; ")
  }

  /// The class of the least accurate step.
  var accuracy: AccuracyClass {
    steps.contains { $0.variant.identity.accuracy == .fast } ? .fast : .exact
  }

  /// The last step's output, plain `[N][Co][Ho][Wo]`.
  var output: [Float] { steps.last?.output.values() ?? [] }

  /// Memory beyond the tensors of the case and packed weights, in bytes.
  var scratchBytes: Int { steps.reduce(0) { $0 + $1.prepared.scratchBytes } }

  /// Where the packed weights of all steps lie; empty where a step hides them.
  var filterMemory: [UnsafeRawBufferPointer] {
    let regions = steps.map(\.prepared.filterMemory)
    return regions.contains(where: \.isEmpty) ? [] : regions.flatMap { $0 }
  }

  /// Where the activations of all steps lie.
  var activationMemory: [UnsafeRawBufferPointer] {
    var seen: Set<ObjectIdentifier> = []
    return steps.flatMap { [$0.input, $0.output] }
      .filter { seen.insert(ObjectIdentifier($0)).inserted }
      .map { UnsafeRawBufferPointer($0.buffer.floats) }
  }

  /// All steps: no output is overwritten by a later one.
  var parts: [[Phase]] { [phases] }

  /// Makes every output NaN, so that an element nobody writes is found.
  func forget(part: Int) {
    for step in steps { step.output.fill(.nan) }
  }

  /// Compares each step's output with the reference of what that step was given.
  func verify(
    part: Int, caseName: String, data: CaseData, references: ReferenceCache
  ) -> [Verification] {
    steps.enumerated().map { number, step in
      let reference =
        number == 0
        ? references.firstStep(of: caseName, data: data)
        : ReferenceCache.reference(
          step.operation, input: step.input.values(), weights: data.weights[number])
      return Verification(
        output: step.output.values(), reference: reference,
        bound: step.variant.errorBound(step.operation), shape: step.output.shape)
    }
  }
}
