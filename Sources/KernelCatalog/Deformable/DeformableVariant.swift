// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Deformable convolution: samples of a strip of output pixels, then a pointwise convolution of them.
///
/// The strip stays in level 2. What follows the sampling is the fastest pointwise variant of the same
/// instruction set, by prediction, so that it costs what a dense convolution costs.
public struct DeformableVariant: Implementation {
  /// What names it.
  public let identity: VariantIdentity
  private let instructionSet: InstructionSet

  /// The variant for `instructionSet`.
  /// - Requires: an instruction set that `InstructionSet.available` lists.
  public init(_ instructionSet: InstructionSet) {
    self.instructionSet = instructionSet
    identity = VariantIdentity(
      family: "deformable", layout: Layout.nhwc.name, instructionSet: instructionSet)
  }

  /// The layout of input and output.
  ///
  /// Offsets and mask may be plain or NHWC.
  public var layout: Layout { .nhwc }

  /// Nothing else computes it, and nothing is predicted of it.
  public func match(_ fragment: Fragment, workers: Int) -> Match {
    guard let operation = fragment.deformable else { return refusal(of: fragment) }
    do throws(ProblemError) {
      _ = try plan(operation, workers: workers)
      return .ways([Match.Way(input: layout, output: layout, cycles: 0)])
    } catch {
      return .no(reason: "the samples of a pixel are too many")
    }
  }

  /// As `prepare` of the convolution that the fragment has.
  public func prepare(
    _ fragment: Fragment, _ tensors: FragmentTensors, workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    let sources = tensors.sources(of: fragment.first)
    guard let operation = fragment.deformable,
      let weights = tensors.weights.ofNodes[fragment.nodes[0]],
      let plan = try? plan(operation, workers: workers)
    else { preconditionFailure("a deformable convolution that matched has weights and a plan") }
    return try prepare(
      plan, weights: weights, input: sources[0], offsets: sources[1],
      mask: sources.dropFirst(2).first, output: tensors.output)
  }

  /// What is decided before weights are known.
  /// - Throws: `ProblemError` where the samples of a pixel are too many for a problem.
  public func plan(
    _ operation: DeformableOperation, workers: Int
  ) throws(ProblemError) -> DeformablePlan {
    try DeformablePlan(operation, instructionSet, workers: workers)
  }

  /// Packs the weights and fixes everything that can be done before the clock runs.
  /// - Parameters:
  ///   - plan: what is computed, and how, by this variant.
  ///   - weights: filter and bias of the rectangular convolution.
  ///   - input: input activations in `layout`.
  ///   - offsets: of the operation's `offsetShape`.
  ///   - mask: of its `maskShape`, exactly where it is modulated.
  ///   - output: output activations in `layout`.
  /// - Returns: three phases per strip: sample, multiply, copy.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public func prepare(
    _ plan: DeformablePlan, weights: Weights, input: Activation, offsets: Activation,
    mask: Activation?, output: Activation
  ) throws(MemoryError) -> PreparedOperation {
    precondition(plan.operation.isModulated == (mask != nil))
    precondition(input.layout == layout && output.layout == layout)
    let strips = try DeformableStrips(
      plan, weights: weights, input: input, offsets: offsets, mask: mask, output: output)
    return PreparedOperation(
      phases: strips.phases(DeformableEntry(instructionSet)), scratchBytes: strips.scratchBytes,
      implementation: "\(plan.pixels) pixels, then \(plan.pointwise.variant.id)",
      filterMemory: strips.product.filterMemory, owner: strips)
  }
}
