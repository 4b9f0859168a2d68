// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A depthwise convolution and the pointwise one behind it, strip by strip of output rows.
///
/// A worker computes the depthwise rows of a strip into memory of its own, which stays in level 2,
/// and multiplies them from there straight into the output: what lies between the two is never
/// written to the tensor that it would be otherwise, and there is one barrier less.
///
/// It is no `ConvolutionVariant`: two convolutions have a `prepare` of their own. Its only phase
/// runs as any other does.
public struct SeparableVariant: Sendable {
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

  /// Clock cycles of one worker for its share, were all data near.
  /// - Requires: an operation that it supports.
  public func predictedCycles(_ operation: SeparableOperation, workers: Int) -> Double {
    plan(operation, workers).cycles
  }

  /// Whether it should be faster than one convolution after the other, beyond what cycles tell.
  /// - Requires: an operation that it supports.
  public func isWorthwhile(_ operation: SeparableOperation, workers: Int) -> Bool {
    plan(operation, workers).isWorthwhile
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
