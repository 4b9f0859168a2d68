// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The strips of a prepared deformable convolution, and the memory that they share.
final class DeformableStrips {
  /// The pointwise convolution of a strip.
  let product: PreparedOperation
  private let strip: Activation
  private let results: Activation
  private let zeros: AlignedBuffer
  private let arguments: UnsafeMutablePointer<DeformableArguments>
  private let counts: [Int]
  private let activations: [Activation]

  /// Lays out the strips.
  /// - Throws: `MemoryError` where the system has not enough memory.
  init(
    _ plan: DeformablePlan, weights: Weights, input: Activation, offsets: Activation,
    mask: Activation?, output: Activation
  ) throws(MemoryError) {
    let problem = plan.operation.convolution.problem
    strip = try Activation(plan.product.problem.inputShape, layout: .nhwc)
    results = try Activation(plan.product.problem.outputShape, layout: .nhwc)
    zeros = try AlignedBuffer(count: problem.inChannels)
    product = try plan.pointwise.variant.prepare(
      plan.product, plan.weights(weights), strip, results, plan.workers)
    activations = [input, offsets, mask, output].compactMap { $0 }
    let all = problem.batch * problem.output.area
    let firsts = Array(stride(from: 0, to: all, by: plan.pixels))
    counts = firsts.map { min(plan.pixels, all - $0) }
    arguments = .allocate(capacity: firsts.count)
    for (index, first) in firsts.enumerated() {
      (arguments + index).initialize(
        to: DeformableArguments(
          problem: problem, input: input.pointer, zeros: zeros.pointer,
          offsets: Self.field(offsets), mask: Self.field(mask ?? offsets),
          isModulated: plan.operation.isModulated, offsetGroups: plan.operation.offsetGroups,
          strip: strip.pointer, results: results.pointer,
          output: output.pointer + first * problem.outChannels, firstPixel: first))
    }
  }

  deinit { arguments.deallocate() }

  /// Memory of samples and results.
  var scratchBytes: Int {
    strip.buffer.bytes + results.buffer.bytes + product.scratchBytes
  }

  /// Strip by strip: sample, multiply, copy.
  func phases(_ entry: DeformableEntry) -> [Phase] {
    counts.indices.flatMap { index in
      let context = UnsafeRawPointer(arguments + index)
      return [Phase(name: "sample", tasks: counts[index], context: context, run: entry.sample)]
        + product.phases
        + [Phase(name: "copy", tasks: counts[index], context: context, run: entry.copyResults)]
    }
  }

  private static func field(_ activation: Activation) -> DeformableArguments.Field {
    let shape = activation.shape
    precondition(activation.layout == .nchw || activation.layout == .nhwc)
    func index(_ image: Int, _ channel: Int) -> Int {
      activation.layout.index(shape, image: image, channel: channel, row: 0, column: 0)
    }
    return DeformableArguments.Field(
      values: activation.pointer, image: index(1, 0), channel: index(0, 1),
      pixel: activation.layout.columnStep(shape))
  }
}
