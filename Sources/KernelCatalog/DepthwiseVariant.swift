// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Depthwise convolution with channels in the lanes of a vector.
///
/// One variant per instruction set and layout; among its microkernels it takes the one that needs
/// the fewest cycles by estimate, and reports which.
struct DepthwiseVariant: ConvolutionVariant {
  let identity: VariantIdentity
  private let entries: [DepthwiseEntry]
  let layout: Layout
  let lanes: Int

  /// The variant for activations in `layout`.
  init(_ instructionSet: InstructionSet, layout: Layout) {
    entries = DepthwiseEntry.entries(instructionSet)
    self.layout = layout
    lanes = instructionSet.lanes
    identity = VariantIdentity(
      family: "depthwise", layout: layout.name, instructionSet: instructionSet)
  }

  func support(_ operation: ConvolutionOperation, workers: Int) -> Support {
    let problem = operation.problem
    guard problem.isDepthwise else {
      return .unsupported(reason: "not depthwise: more than one input channel per group")
    }
    guard problem.outChannels == problem.inChannels else {
      return .unsupported(reason: "a channel multiplier: more than one output channel per group")
    }
    guard layout != .nhwc || problem.inChannels >= lanes else {
      return .unsupported(reason: "fewer channels than the \(lanes) lanes of a vector")
    }
    return .supported
  }

  func layouts(_ operation: ConvolutionOperation) -> (input: Layout, output: Layout) {
    (layout, layout)
  }

  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int
  ) throws -> PreparedOperation {
    let geometry = DepthwiseGeometry(operation.problem, layout: layout, lanes: lanes)
    let tiling = tiling(geometry)
    let tables = try DepthwiseTables(
      operation, weights, geometry, tiling, input: input, output: output)
    let tasks = tables.divide(
      linesPerTask: linesPerTask(geometry, images: operation.problem.batch, workers: workers),
      planesInnermost: layout == .nhwc, images: operation.problem.batch)
    let phase = Phase(
      name: "kernel", tasks: tasks, context: UnsafeRawPointer(tables.arguments),
      run: tiling.entry.run)
    return PreparedOperation(
      phases: [phase], implementation: implementation(tiling),
      filterMemory: [tables.filterMemory], owner: tables)
  }

  /// The tiling that needs the fewest cycles by estimate.
  func tiling(_ geometry: DepthwiseGeometry) -> DepthwiseTiling {
    let tilings = entries.compactMap { DepthwiseTiling($0, geometry.along) }
    guard let tiling = tilings.min(by: { $0.cycles < $1.cycles }) else {
      preconditionFailure("a kernel of one output and one tap fits every problem")
    }
    return tiling
  }

  /// Enough tasks that two workers differ by a few per cent; in NHWC also so few lines that what
  /// neighbouring planes share of cache lines is still near when the next plane needs it.
  private func linesPerTask(
    _ geometry: DepthwiseGeometry, images: Int, workers: Int
  ) -> Int {
    let lines = geometry.across.outputs
    let wholePlanes = images * geometry.planes.count
    let parts = workers == 1 ? 1 : (16 * workers + wholePlanes - 1) / wholePlanes
    var lineCount = max(1, (lines + parts - 1) / parts)
    if layout == .nhwc {
      let near = 128 << 10
      let rows = near / geometry.across.inputPitch - geometry.across.taps
      lineCount = min(lineCount, max(4, rows / geometry.across.stride))
    }
    return min(lines, lineCount)
  }

  private func implementation(_ tiling: DepthwiseTiling) -> String {
    let form = tiling.entry.form
    return
      "\(form.pixels) outputs, \(form.isWhole ? "all" : "\(form.taps)") taps of a row at a time"
  }
}

extension DepthwiseVariant {
  /// The variants for `instructionSet`: one per layout.
  static func variants(_ instructionSet: InstructionSet) -> [any ConvolutionVariant] {
    [.channelBlocked(lanes: instructionSet.lanes), .nhwc].map { layout in
      DepthwiseVariant(instructionSet, layout: layout)
    }
  }
}
