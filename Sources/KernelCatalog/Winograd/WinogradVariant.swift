// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Winograd convolution F(m, r), in a layout with channels innermost, of square kernels with
/// stride 1, dilated or not, in one group.
///
/// Its memory beyond input, output and packed filter, the transformed tiles and their products, is
/// at most four times as large as input and output.
struct WinogradVariant: ConvolutionVariant {
  let identity: VariantIdentity
  let entry: WinogradEntry
  let layout: Layout
  let caches: CacheSizes
  let matrices: WinogradMatrices

  /// The variant of `entry` for activations in `layout`.
  init(_ entry: WinogradEntry, layout: Layout, caches: CacheSizes = .current) {
    self.entry = entry
    self.layout = layout
    self.caches = caches
    matrices = WinogradMatrices(entry.form)
    identity = VariantIdentity(
      family: "winograd", layout: layout.name, detail: entry.form.name,
      instructionSet: entry.instructionSet, accuracy: .fast)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    if let refusal = operation.refusal(of: .f32) { return refusal }
    let problem = operation.problem
    let form = entry.form
    let lanes = entry.instructionSet.lanes
    guard problem.kernel == Extent(form.taps, form.taps) else {
      return .unsupported(reason: "it computes \(form.taps)×\(form.taps) kernels only")
    }
    guard problem.stride == Extent(1, 1) else {
      return .unsupported(reason: "Winograd needs stride 1")
    }
    guard problem.groups == 1 else {
      return .unsupported(reason: "it computes one group only")
    }
    guard layout != .nhwc || problem.inChannels >= lanes else {
      return .unsupported(reason: "it needs \(lanes) input channels in this layout")
    }
    guard blocking(geometry(problem), workers: workers) != nil else {
      let share = WinogradBlocking.largestScratchShare
      return .unsupported(
        reason: "its tiles would take more than \(share) times the memory of input and output")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func errorBound(_ operation: ConvolutionOperation) -> ErrorBound {
    .winograd(operation, matrices, terms: operation.problem.inChannelsPerGroup)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, joins: Joins
  ) throws(MemoryError) -> PreparedOperation {
    let geometry = geometry(operation.problem)
    guard let blocking = blocking(geometry, workers: workers) else {
      preconditionFailure("an unsupported operation is prepared")
    }
    let filter = try WinogradFilter(
      operation, weights, matrices, panelsPerBlock: blocking.panelsPerBlock,
      lanes: entry.instructionSet.lanes)
    let tables = try WinogradTables(
      operation, geometry, blocking, filter, matrices, input: input, output: output)
    return PreparedOperation(
      phases: phases(blocking, geometry, UnsafeRawPointer(tables.arguments)),
      scratchBytes: blocking.scratchBytes, filterMemory: [tables.filterMemory], owner: tables)
  }

  private func phases(
    _ blocking: WinogradBlocking, _ geometry: WinogradGeometry, _ arguments: UnsafeRawPointer
  ) -> [Phase] {
    guard blocking.isSplit else {
      return [Phase(name: "kernel", tasks: blocking.blocks, context: arguments, run: entry.run)]
    }
    let parts = WinogradArguments.parts(
      of: geometry.inputVectors, perTask: blocking.inputVectorsPerTask)
    return [
      Phase(
        name: "transform", tasks: blocking.blocks * parts, context: arguments,
        run: entry.transform),
      Phase(
        name: "kernel", tasks: blocking.blocks * blocking.outputBlocks, context: arguments,
        run: entry.multiply),
    ]
  }

  func geometry(_ problem: ConvolutionProblem) -> WinogradGeometry {
    WinogradGeometry(
      problem, form: entry.form, layout: layout, lanes: entry.instructionSet.lanes)
  }

  func blocking(_ geometry: WinogradGeometry, workers: Int) -> WinogradBlocking? {
    .best(geometry, instructionSet: entry.instructionSet, workers: workers, caches: caches)
  }
}

extension WinogradVariant {
  /// Every form in every layout that there is for `instructionSet`.
  static func variants(_ instructionSet: InstructionSet) -> [WinogradVariant] {
    WinogradEntry.entries(instructionSet).flatMap { entry in
      [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map {
        WinogradVariant(entry, layout: $0)
      }
    }
  }
}
