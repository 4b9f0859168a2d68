// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Direct convolution by a microkernel of the family `direct`.
///
/// It computes any problem. Its only memory beyond input, output and packed filter are tables of a
/// few kilobytes, since sums that wait for the next block of channels wait in the output; with an
/// output in NCHW, also a task's part of the output per worker, which fits level 2.
struct DirectVariant: ConvolutionVariant {
  let identity: VariantIdentity
  let entry: KernelEntry
  let caches: CacheSizes
  private let inputLayout: Layout
  private let outputLayout: Layout

  /// The variant of `entry` for activations in the given layouts.
  init(
    _ entry: KernelEntry, input: Layout, output: Layout, caches: CacheSizes = .current
  ) {
    self.entry = entry
    self.caches = caches
    inputLayout = input
    outputLayout = output
    identity = VariantIdentity(
      family: input == output ? "direct" : "direct-first",
      layout: input == output ? input.name : "\(input.name)-\(output.name)",
      detail: entry.registerBlock.name, instructionSet: entry.instructionSet,
      dataType: entry.dataType)
  }

  /// The layouts in which `entry` is offered; of narrow types those in which the channels of a quantum
  /// lie side by side.
  static func variants(_ entry: KernelEntry) -> [DirectVariant] {
    let blocked = Layout.channelBlocked(lanes: entry.instructionSet.lanes)
    let narrow: [(Layout, Layout)] = [(blocked, blocked), (.nhwc, .nhwc)]
    let layouts =
      entry.dataType == .f32
      ? narrow + [(.nchw, .nchw), (.nchw, blocked), (.nhwc, blocked)] : narrow
    return layouts.map { DirectVariant(entry, input: $0, output: $1) }
  }

  /// A network's first layer has 3 or 4 channels: blocks of channels would be mostly empty.
  private static let firstLayerChannels = 4

  /// So many products of bytes, and as many of the zero point, are sums of 32 bits.
  private static let mostTerms = Int(Int32.max) / (2 * 255 * 128)

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: entry.dataType.outputs) { return refusal }
    let channels = operation.problem.inChannels
    let terms = operation.problem.inChannelsPerGroup * operation.problem.kernel.area
    guard entry.dataType != .u8s8 || terms <= Self.mostTerms else {
      return .unsupported(reason: "sums of more than \(Self.mostTerms) products may need 33 bits")
    }
    guard inputLayout == outputLayout || channels <= Self.firstLayerChannels else {
      return .unsupported(
        reason: "only for first layers, of at most \(Self.firstLayerChannels) input channels")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (inputLayout, outputLayout)
  }

  func can(_ join: Join, _ operation: ConvolutionOperation) -> Bool {
    guard entry.dataType == .f32 else { return false }
    return switch join {
    case .addend, .parts: true
    case .shuffle(let groups): canShuffle(operation, groups: groups)
    case .channelSums: outputLayout != .nchw
    }
  }

  /// Where channels are innermost, the channels of a group are runs at equal distances, if each
  /// group of the shuffle gives as many to each group here.
  private func canShuffle(_ operation: ConvolutionOperation, groups: Int) -> Bool {
    let problem = operation.problem
    return inputLayout == .nhwc && problem.inChannels % (groups * problem.groups) == 0
      && (problem.groups == 1
        || problem.outChannelsPerGroup % entry.instructionSet.lanes == 0)
  }

  /// What is decided before weights are known.
  ///
  /// Channels are those of the activations of which input and output are a part.
  func plan(
    _ operation: ConvolutionOperation, workers: Int, inputChannels: Int? = nil,
    outputChannels: Int? = nil, shuffleGroups: Int = 1, keepsImages: Bool = false,
    copies: Bool = true
  ) -> DirectPlan {
    let geometry = DirectGeometry(
      operation.problem, input: inputLayout, output: outputLayout,
      lanes: entry.instructionSet.lanes, vectors: entry.registerBlock.vectors, caches: caches,
      inputChannels: inputChannels, outputChannels: outputChannels, shuffleGroups: shuffleGroups,
      keepsImages: keepsImages)
    if copies, let copied = fastestCopies(geometry) {
      let plan = DirectPlan(copied, entry: entry, workers: workers, caches: caches)
      if let plan = plan.copied(caches) { return plan }
    }
    return DirectPlan(geometry, entry: entry, workers: workers, caches: caches)
  }

  /// `geometry` with copies where one worker is predicted to be faster so; with more it must be the same, since sums
  /// are then in another order.
  private func fastestCopies(_ geometry: DirectGeometry) -> DirectGeometry? {
    let candidates = geometry.copying(entry.instructionSet, caches)
    guard !candidates.isEmpty else { return nil }
    let model = TileModel(entry.instructionSet)
    func plan(_ geometry: DirectGeometry) -> DirectPlan {
      DirectPlan(geometry, entry: entry, workers: 1, caches: caches)
    }
    var (fastest, least) = (
      nil as DirectGeometry?, plan(geometry).cycles(model, entry.dataType, caches)
    )
    for candidate in candidates {
      guard let copied = plan(candidate).copied(caches) else { continue }
      let cycles = copied.cycles(model, entry.dataType, caches)
      if cycles < least { (fastest, least) = (candidate, cycles) }
    }
    return fastest
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    // A part of a blocked layout is whole blocks, as if it were activations of its own.
    let plan = plan(
      operation, workers: workers,
      inputChannels: inputLayout == .nhwc ? input.whole.channels : nil,
      outputChannels: outputLayout == .nhwc ? output.whole.channels : nil,
      shuffleGroups: joins.shuffleGroups, keepsImages: joins.sumsChannels,
      // Zero times infinity would be NaN.
      copies: entry.dataType != .bf16 || weights.filter.allSatisfy { $0.isFinite })
    let packing = try DirectPacking(plan, operation, weights)
    let scratch = try AlignedBuffer(count: plan.scratchPerWorker * workers)
    let sums = joins.sumsChannels ? try Activation(plan.sumsShape, layout: outputLayout) : nil
    let tables = DirectTables(
      plan.steps(operation.epilogue, weights.quantization), plan.walk(filterStarts: packing.starts),
      DirectTables.Tensors(
        input: .init(input), filter: .init(packing.filter), bias: .init(packing.bias),
        output: output, packing: packing, addend: joins.addend, channelSums: sums,
        copy: plan.geometry.copies
          ? plan.geometry.copy(UnsafeRawPointer(packing.spread.pointer)) : nil,
        scratch: scratch, scratchPerWorker: plan.scratchPerWorker))
    return PreparedOperation(
      phases: [tables.phase(entry.run)], scratchBytes: scratch.bytes + (sums?.buffer.bytes ?? 0),
      filterMemory: [UnsafeRawBufferPointer(packing.filter.floats)], channelSums: sums,
      owner: tables)
  }
}
