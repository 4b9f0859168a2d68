// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a deformable convolution is cut into strips, and what multiplies them.
public struct DeformablePlan {
  /// What is computed.
  let operation: DeformableOperation
  /// Output pixels of a strip; the last one has fewer.
  let pixels: Int
  /// The pointwise convolution of a strip: its channels are the samples `[group][tap][Ci/G]`.
  let product: ConvolutionOperation
  /// What computes it.
  let pointwise: FastestInNHWC
  /// How many workers compute it.
  let workers: Int

  /// A worker's share of a strip, in bytes: half of a usual level 2.
  private static let shareBytes = 256 << 10
  /// A multiple of what direct tiles take, so that no strip ends in a narrow one.
  private static let tilePixels = 12

  /// The plan for `operation`.
  /// - Throws: `ProblemError` where the samples of a pixel are too many for a problem.
  init(
    _ operation: DeformableOperation, _ instructionSet: InstructionSet, workers: Int
  ) throws(ProblemError) {
    let problem = operation.convolution.problem
    let samples = problem.inChannels * problem.kernel.area
    let share = Self.shareBytes / (samples * ElementType.f32.bytes) / Self.tilePixels
    let all = problem.batch * problem.output.area
    self.operation = operation
    self.workers = workers
    let perWorker = max(2, share) * Self.tilePixels
    pixels = min(all, perWorker * workers)
    func product(pixels: Int) throws(ProblemError) -> ConvolutionOperation {
      let pointwise = try ConvolutionProblem(
        groups: problem.groups, inChannels: samples, outChannels: problem.outChannels,
        input: Extent(1, pixels), kernel: Extent(1, 1))
      return ConvolutionOperation(pointwise, epilogue: operation.convolution.epilogue)
    }
    self.product = try product(pixels: pixels)
    // One worker's share decides: what multiplies must not depend on how many there are, or results
    // would.
    pointwise = FastestInNHWC(try product(pixels: min(all, perWorker)), instructionSet)
  }

  /// The filter, in the order of the samples.
  func weights(_ weights: Weights) -> Weights {
    let problem = operation.convolution.problem
    let taps = problem.kernel.area
    let channels = problem.inChannelsPerGroup
    var filter = TensorValues(repeating: 0, count: weights.filter.count)
    for output in 0..<problem.outChannels {
      for channel in 0..<channels {
        for tap in 0..<taps {
          filter[(output * taps + tap) * channels + channel] =
            weights.filter[(output * channels + channel) * taps + tap]
        }
      }
    }
    return Weights(product, filter: filter, bias: weights.bias)
  }
}

/// The variant of ours with the least cycles by prediction, of those that sum in NHWC.
struct FastestInNHWC: VariantVisitor {
  typealias Prepare = (
    _ operation: ConvolutionOperation, _ weights: Weights, _ input: Activation,
    _ output: Activation, _ workers: Int
  ) throws(MemoryError) -> PreparedOperation

  private let operation: ConvolutionOperation
  private var found: (id: String, prepare: Prepare, cycles: Double)?

  /// The fastest for `operation`.
  init(_ operation: ConvolutionOperation, _ instructionSet: InstructionSet) {
    self.operation = operation
    instructionSet.visitVariants(&self)
  }

  /// The id of the variant, and its `prepare`.
  var variant: (id: String, prepare: Prepare) {
    guard let found else { preconditionFailure("the direct family computes any problem") }
    return (found.id, found.prepare)
  }

  mutating func visit(_ variant: some ConvolutionVariant<MemoryError>) {
    guard variant.identity.accuracy == .exact,
      variant.support(operation, workers: 1) == .supported,
      variant.layouts(operation) == (.nhwc, .nhwc)
    else { return }
    let cycles = variant.predictedCycles(operation, workers: 1)
    guard cycles < found?.cycles ?? .infinity else { return }
    let prepare: Prepare = {
      (operation, weights, input, output, workers) throws(MemoryError) in
      try variant.prepare(
        operation, weights: weights, input: input, output: output, workers: workers)
    }
    found = (variant.identity.id, prepare, cycles)
  }
}
