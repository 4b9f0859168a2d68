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
    for ((operation, weights), variant) in zip(zip(data.operations, data.weights), variants) {
      let layouts = variant.layouts(operation)
      let (input, reorder) = try Self.input(
        operation.problem, layouts.input, after: steps.last?.output, data)
      if let reorder {
        reorders.append(reorder)
        phases += reorder.phases
      }
      let problem = operation.problem
      let output = try Activation(
        problem.outputShape, layout: layouts.output, type: problem.dataType.output)
      let step = Step(
        variant: variant, operation: operation,
        prepared: try variant.prepare(
          operation, weights: weights, input: input, output: output, workers: workers),
        input: input, output: output)
      phases += step.prepared.phases
      steps.append(step)
    }
    (self.steps, self.reorders, self.phases) = (steps, reorders, phases)
  }

  /// What a step reads: the data, or what the one before it wrote, reordered where the layouts differ.
  private static func input(
    _ problem: ConvolutionProblem, _ layout: Layout, after previous: Activation?, _ data: CaseData
  ) throws -> (input: Activation, reorder: PreparedOperation?) {
    if let previous, previous.layout == layout { return (previous, nil) }
    let input = try Activation(problem.inputShape, layout: layout, type: problem.dataType.input)
    if let previous { return (input, LayoutConversion(from: previous, to: input).prepared()) }
    input.load(data.input)
    return (input, nil)
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
  var output: [Double] { steps.last?.output.exactValues() ?? [] }

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
        : ReferenceConvolution(
          step.operation, input: step.input.values(), weights: data.weights[number],
          at: ReferenceCache.checkedOutputs(step.operation.problem))
      return Verification(
        output: step.output.exactValues(), reference: reference,
        bound: step.variant.errorBound(step.operation), shape: step.output.shape)
    }
  }
}
