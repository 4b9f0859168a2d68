// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution of bf16 or integers, channels innermost.
///
/// Outside the image weights meet zeros. A filter in bf16 with a weight that is infinite or NaN would make
/// them NaN; it is left to the direct kernels, which skip what lies outside.
struct NarrowDepthwiseVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let entry: KernelEntry

  /// The variant that runs `entry`.
  /// - Requires: an entry of the family `narrowDepthwise`.
  init(_ entry: KernelEntry) {
    precondition(entry.family == .narrowDepthwise)
    self.entry = entry
    identity = VariantIdentity(
      family: "depthwise", layout: Layout.nhwc.name, instructionSet: entry.instructionSet,
      dataType: entry.dataType)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: entry.dataType) { return refusal }
    let problem = operation.problem
    guard problem.isDepthwise, problem.outChannels == problem.groups else {
      return .unsupported(reason: "only for one input and one output channel per group")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (.nhwc, .nhwc)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(MemoryError) -> PreparedOperation {
    guard weights.filter.allSatisfy({ $0.isFinite }) else {
      return try DirectVariant.prepareSkippingBorders(
        entry.instructionSet, operation, weights: weights, input: input, output: output,
        workers: workers)
    }
    let memory = try NarrowDepthwiseMemory(
      operation, weights: weights, input: input, output: output, workers: workers)
    let problem = operation.problem
    return PreparedOperation(
      phases: [
        Phase(
          name: "kernel", tasks: problem.batch * problem.output.height,
          context: UnsafeRawPointer(memory.arguments), run: entry.run)
      ],
      scratchBytes: memory.scratchBytes,
      filterMemory: [UnsafeRawBufferPointer(memory.filter.floats)], owner: memory)
  }
}

extension NarrowDepthwiseVariant: PredictedVariant {
  /// Counted, not measured: shuffles bound it, which bring the taps of a channel into a lane.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let problem = operation.problem
    let quanta = Double(NarrowDepthwiseArguments.quanta(problem))
    let blocks = Double(NarrowDepthwiseArguments.blocks(problem))
    let perPixel = entry.dataType == .u8s8 ? 5 * quanta + 10 : 2 * quanta + 4
    let pixels = Double(problem.batch * problem.output.area)
    return pixels * blocks * perPixel / Double(workers)
  }
}

/// What a depthwise convolution of narrow numbers works on, packed.
private final class NarrowDepthwiseMemory {
  let arguments: UnsafeMutablePointer<NarrowDepthwiseArguments>
  let filter: AlignedBuffer
  private let owners: [AlignedBuffer]
  private let activations: [Activation]

  init(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws(MemoryError) {
    let problem = operation.problem
    let type = problem.dataType
    let channels = NarrowDepthwiseArguments.channels(type)
    let padded = NarrowDepthwiseArguments.blocks(problem) * channels
    let quanta = NarrowDepthwiseArguments.quanta(problem)
    filter = try AlignedBuffer(count: padded * quanta)
    let starts = try AlignedBuffer(count: padded)
    let scales = try AlignedBuffer(count: padded)
    let zeros = try AlignedBuffer(
      bytes: problem.input.width * problem.outChannels * type.input.bytes + 64)
    let tables = try AlignedBuffer(
      bytes: workers * quanta * type.quantum * MemoryLayout<UnsafeRawPointer>.stride)
    owners = [starts, scales, zeros, tables]
    activations = [input, output]
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: NarrowDepthwiseArguments(
        operation, input: input.pointer, filter: filter.pointer, starts: starts.pointer,
        scales: scales.pointer, zeros: zeros.pointer, output: output.pointer,
        tables: UnsafeMutableRawPointer(tables.pointer)
          .assumingMemoryBound(to: UnsafeRawPointer.self)))
    pack(problem, weights, starts, scales)
    guard let quantization = weights.quantization else { return }
    UnsafeMutableRawPointer(zeros.pointer).initializeMemory(
      as: UInt8.self, repeating: UInt8(quantization.inputZero), count: zeros.bytes)
    arguments.pointee.lowest = quantization.lowest(hasReLU: operation.epilogue.hasReLU)
    arguments.pointee.highest = quantization.highest
    arguments.pointee.outputZero = Int32(quantization.outputZero)
  }

  deinit { arguments.deallocate() }

  var scratchBytes: Int { owners.reduce(0) { $0 + $1.bytes } }

  /// Packs filter, starts and scales in the order of `NarrowDepthwiseArguments`.
  private func pack(
    _ problem: ConvolutionProblem, _ weights: Weights, _ starts: AlignedBuffer,
    _ scales: AlignedBuffer
  ) {
    let type = problem.dataType
    let area = problem.kernel.area
    let channels = NarrowDepthwiseArguments.channels(type)
    let quanta = NarrowDepthwiseArguments.quanta(problem)
    let elements = PackedElements(filter.pointer, type.filter)
    for channel in 0..<problem.outChannels {
      let (block, rest) = channel.quotientAndRemainder(dividingBy: channels)
      let place = Self.place(of: rest, vectors: channels / 16)
      var sum = 0
      for tap in 0..<area {
        let weight = weights.filter[channel * area + tap]
        let quantum = block * quanta + tap / type.quantum
        elements.set(
          (quantum * channels + place) * type.quantum + tap % type.quantum, weight)
        if weights.quantization != nil { sum += Int(weight) }
      }
      let bias = weights.bias.isEmpty ? 0 : weights.bias[channel]
      if let quantization = weights.quantization {
        let start = Int32(truncatingIfNeeded: Int(bias) - quantization.inputZero * sum)
        starts.pointer[block * channels + place] = Float(
          bitPattern: UInt32(bitPattern: start))
        scales.pointer[block * channels + place] = quantization.scales[channel]
      } else {
        starts.pointer[block * channels + place] = bias
      }
    }
  }

  /// Where in its block's vectors a channel stands.
  private static func place(of channel: Int, vectors: Int) -> Int {
    let (part, rest) = channel.quotientAndRemainder(dividingBy: 4 * vectors)
    return rest / 4 * 16 + 4 * part + rest % 4
  }
}
