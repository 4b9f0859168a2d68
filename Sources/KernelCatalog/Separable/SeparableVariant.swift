// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A depthwise convolution and the pointwise one behind it, strip by strip of output rows.
///
/// A worker computes the depthwise rows of a strip into memory of its own, which stays in level 2,
/// and multiplies them from there straight into the output: what lies between the two is never
/// written to the tensor that it would be otherwise, and there is one barrier less.
public struct SeparableVariant: Implementation {
  /// What names it.
  public let identity: VariantIdentity
  /// The layout of input and output.
  public let layout: Layout
  private let instructionSet: InstructionSet
  private let caches: CacheSizes

  /// The variant for `instructionSet` and activations in `layout`, channel-blocked or NHWC.
  /// - Requires: an instruction set that `InstructionSet.available` lists.
  public init(_ instructionSet: InstructionSet, layout: Layout) {
    self.init(instructionSet, layout: layout, caches: .current)
  }

  /// The variant for a machine with other caches.
  init(_ instructionSet: InstructionSet, layout: Layout, caches: CacheSizes) {
    precondition(layout == .nhwc || layout == .channelBlocked(lanes: instructionSet.lanes))
    self.instructionSet = instructionSet
    self.layout = layout
    self.caches = caches
    identity = VariantIdentity(
      family: "separable", layout: layout.name, instructionSet: instructionSet)
  }

  /// Whether it can compute `operation`.
  public func support(_ operation: SeparableOperation) -> Support {
    let channels = operation.depthwise.problem.inChannels
    guard layout != .nhwc || channels >= instructionSet.lanes else {
      return .unsupported(
        reason: "fewer channels than the \(instructionSet.lanes) lanes of a vector")
    }
    return .supported
  }

  /// Two convolutions that it supports, where strips should not be slower than one after the other.
  public func match(_ fragment: Fragment, workers: Int) -> Match {
    guard let (_, _, operation) = fragment.separable else { return refusal(of: fragment) }
    if case .unsupported(let reason) = support(operation) { return .no(reason: reason) }
    let plan = plan(operation, workers)
    guard plan.isWorthwhile else {
      return .no(
        reason: "each strip would read a large filter again for few pixels, or lines decide")
    }
    return .ways([Match.Way(input: layout, output: layout, cycles: plan.cycles)])
  }

  /// It writes them, and reads a whole.
  public func takesParts(_ fragment: Fragment, reading: Bool) -> Bool { !reading }

  /// As `prepare` of the two convolutions that the fragment has.
  public func prepare(
    _ fragment: Fragment, _ tensors: FragmentTensors, workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    guard let (first, second, operation) = fragment.separable,
      let depthwise = tensors.weights.ofNodes[first],
      let pointwise = tensors.weights.ofNodes[second]
    else { preconditionFailure("convolutions that matched have weights") }
    return try prepare(
      operation, depthwise: depthwise, pointwise: pointwise,
      input: tensors.sources(of: fragment.first)[0], output: tensors.output,
      addend: fragment.addend.flatMap { tensors.inputs[$0] }, workers: workers)
  }

  /// Packs the weights and fixes everything that can be done before the clock runs.
  /// - Parameters:
  ///   - operation: what is computed.
  ///   - depthwise: filter and bias of the depthwise convolution.
  ///   - pointwise: filter and bias of the pointwise convolution.
  ///   - input: input activations in `layout`, a whole.
  ///   - output: output activations in `layout`; in NHWC also a range of channels of others.
  ///   - addend: what is added to each sum before the last ReLU, with the output's layout and step
  ///     between pixels; nil adds nothing.
  ///   - workers: how many workers compute it; each has a strip.
  /// - Returns: one phase, whose tasks are strips of output rows of one image.
  /// - Throws: `MemoryError` where the system has not enough memory.
  public func prepare(
    _ operation: SeparableOperation, depthwise: Weights, pointwise: Weights, input: Activation,
    output: Activation, addend: Activation? = nil, workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    precondition(input.layout == layout && output.layout == layout && input.isWhole)
    precondition(support(operation) == .supported)
    let plan = plan(operation, workers)
    let strips = try SeparableStrips(
      plan, depthwise: depthwise, pointwise: pointwise, input: input, output: output,
      addend: addend)
    return PreparedOperation(
      phases: [strips.phase], scratchBytes: strips.scratchBytes,
      implementation: plan.implementation, filterMemory: strips.filterMemory, owner: strips)
  }

  private func plan(_ operation: SeparableOperation, _ workers: Int) -> SeparablePlan {
    SeparablePlan(
      operation, layout: layout, instructionSet: instructionSet, workers: workers, caches: caches)
  }
}
