// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution of bf16 or integers, and in groups of few channels, channels innermost.
///
/// Outside the image weights meet zeros. A filter in bf16 with a weight that is infinite or NaN would make
/// them NaN; it is left to the direct kernels, which skip what lies outside. So are integers whose outputs
/// could be 2³¹ steps away from the zero point: here they are rounded before they are bounded.
struct NarrowStripVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let entry: KernelEntry
  private let caches: CacheSizes

  /// The variant that runs `entry`.
  /// - Requires: an entry of the family `narrowStrips`.
  init(_ entry: KernelEntry, caches: CacheSizes = .current) {
    precondition(entry.family == .narrowStrips)
    self.entry = entry
    self.caches = caches
    identity = VariantIdentity(
      family: "strips", layout: Layout.nhwc.name, instructionSet: entry.instructionSet,
      dataType: entry.dataType)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: entry.dataType) { return refusal }
    guard NarrowStripShape.fits(operation.problem) else {
      return .unsupported(
        reason: "only for depthwise convolutions and groups of few channels, as many of the output"
          + " as of the input, that divide 16 bytes")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nhwc, .nhwc)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    if let reason = Self.exception(operation.problem, weights) {
      return try DirectVariant.prepareSkippingBorders(
        entry.instructionSet, operation, weights: weights, input: input, output: output,
        workers: workers, since: reason)
    }
    let memory = try NarrowStripMemory(
      operation, shape(operation.problem), weights: weights, input: input, output: output,
      workers: workers)
    let tasks = operation.problem.batch * memory.arguments.pointee.shape.pairs
    return PreparedOperation(
      phases: [
        Phase(
          name: "kernel", tasks: tasks * memory.arguments.pointee.blocks,
          context: UnsafeRawPointer(memory.arguments), run: entry.run)
      ],
      scratchBytes: memory.scratchBytes,
      filterMemory: [UnsafeRawBufferPointer(memory.filter.floats)], owner: memory)
  }

  private func shape(_ problem: ConvolutionProblem) -> NarrowStripShape {
    let quantum = problem.dataType.quantum
    return NarrowStripShape(
      problem, pixels: entry.registerBlock.pixels, lanes: entry.instructionSet.lanes,
      // Without instructions that multiply a quantum, numbers of twice the width.
      numbers: entry.instructionSet == .avx512bf16 ? quantum : quantum / 2, level1: caches.level1)
  }

  /// Why these weights are not for strips; nil where they are.
  private static func exception(_ problem: ConvolutionProblem, _ weights: Weights) -> String? {
    guard let quantization = weights.quantization else {
      let isFinite = weights.filter.allSatisfy { $0.isFinite }
      return isFinite ? nil : "a weight is infinite or NaN"
    }
    let perChannel = problem.inChannelsPerGroup * problem.kernel.area
    for (channel, scale) in quantization.scales.enumerated() {
      let filter = weights.filter[channel * perChannel..<(channel + 1) * perChannel]
      let bias = weights.bias.isEmpty ? 0 : abs(weights.bias[channel])
      let most = filter.reduce(bias) { $0 + 255 * abs($1) } * abs(scale)
      // Half of what fits, for rounding; NaN is not less.
      guard most < 0x1p30 else { return "outputs may be far beyond a byte" }
    }
    return nil
  }
}

extension NarrowStripVariant {
  /// Products, of which two begin in a cycle; rows that are laid, by vectors; outputs that are rounded.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let problem = operation.problem
    let shape = shape(problem)
    let blocks = (problem.outChannels + shape.channels - 1) / shape.channels
    let strips = (problem.output.width + shape.outputs - 1) / shape.outputs
    let tasks = problem.batch * shape.pairs * blocks
    let share = Double((tasks + workers - 1) / workers)
    if shape.rolls { return share * Self.cyclesOfRolling(problem) }
    // Two products of floats begin in a cycle, and each has a number to widen.
    if shape.isWidened {
      return share * Double(2 * problem.output.width * (problem.kernel.area + 6))
    }
    let vectors = strips * shape.columns * shape.quanta * shape.vectors
    let outputs = 2 * strips * shape.outputs
    let products = outputs * shape.vectors * shape.quantaPerRow * problem.kernel.width
    // Without these instructions, a product of integers is added by another one.
    let isAdded = shape.numbers < problem.dataType.quantum && problem.dataType.arithmetic == .u8s8
    let perProduct = isAdded ? 0.8 : 0.5
    let perTask = perProduct * Double(products) + Double(vectors + outputs * shape.vectors)
    return share * perTask
  }

  /// Cycles of two output rows whose columns roll.
  ///
  /// Blocks of 64 channels of bytes took 13.3 cycles a pixel at
  /// 56×56 and 16.6 at 14×14, of 32 channels of bf16 9.8 and 10.2, on Zen 5.
  private static func cyclesOfRolling(_ problem: ConvolutionProblem) -> Double {
    let isInteger = problem.dataType.arithmetic == .u8s8
    let passes = (isInteger ? 2 : 1) * min(problem.dilation.width, problem.output.width)
    return (isInteger ? 13 : 9.7) * Double(2 * problem.output.width) + 15 * Double(passes)
  }
}
