// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The tables of a direct convolution and everything they point to, for the life of an operation.
final class DirectTables {
  /// What the kernels are given.
  let arguments: UnsafeMutablePointer<DirectArguments>
  private let panels: PlainTable<DirectPanel>
  private let rows: PlainTable<DirectRow>
  private let segments: PlainTable<DirectRange>
  private let sweeps: PlainTable<DirectSweep>
  private let panelTasks: PlainTable<DirectRange>
  private let rowTasks: PlainTable<DirectRange>
  private let packing: DirectPacking
  private let activations: (Activation, Activation)

  /// The tables for `operation`.
  init(
    _ operation: ConvolutionOperation, _ plan: DirectPlan, _ packing: DirectPacking,
    input: Activation, output: Activation
  ) {
    let problem = operation.problem
    let geometry = plan.geometry
    let blocking = plan.blocking
    panels = PlainTable(Self.panelTable(plan, packing))
    rows = PlainTable(Self.rowTable(geometry))
    segments = PlainTable(plan.segments.flatMap { $0 })
    sweeps = PlainTable(plan.columns.sweeps)
    panelTasks = PlainTable(blocking.panelTasks.map(DirectRange.init))
    rowTasks = PlainTable(blocking.rowTasks.map(DirectRange.init))
    self.packing = packing
    activations = (input, output)
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: DirectArguments(
        input: UnsafePointer(input.pointer), filter: UnsafePointer(packing.filter.pointer),
        bias: UnsafePointer(packing.bias.pointer), output: output.pointer,
        panels: panels.pointer, rows: rows.pointer, segments: segments.pointer,
        sweeps: sweeps.pointer, run: geometry.run, tapRows: problem.kernel.height,
        tapColumns: problem.kernel.width, inputRun: geometry.inputRun,
        inputTapRow: problem.dilation.height * geometry.input.width * geometry.inputColumn,
        inputTapColumn: problem.dilation.width * geometry.inputColumn,
        inputPixel: problem.stride.width * geometry.inputColumn,
        outputPixel: geometry.outputColumn, outputVector: geometry.outputVector,
        runsPerBlock: blocking.runsPerBlock, blocks: blocking.blocks,
        hasReLU: operation.epilogue.hasReLU, panelTasks: panelTasks.pointer,
        panelTaskCount: panelTasks.count, rowTasks: rowTasks.pointer,
        rowTaskCount: rowTasks.count, segmentCount: blocking.segments.count,
        panelsOutermost: blocking.panelsOutermost))
  }

  deinit { arguments.deallocate() }

  private static func panelTable(_ plan: DirectPlan, _ packing: DirectPacking) -> [DirectPanel] {
    let geometry = plan.geometry
    let lanes = geometry.lanes
    return zip(plan.panels.panels, packing.offsets).map { panel, offset in
      let channels = geometry.problem.outChannels - (panel.vectors.upperBound - 1) * lanes
      return DirectPanel(
        vectors: panel.vectors.count, lanes: geometry.cutsLastVector ? min(lanes, channels) : lanes,
        filter: offset, bias: panel.vectors.lowerBound * lanes,
        input: geometry.inputOffset(channel: panel.inputChannels.lowerBound),
        output: geometry.outputOffset(vector: panel.vectors.lowerBound), runs: panel.runs,
        lastRun: panel.inputChannels.count - (panel.runs - 1) * geometry.run,
        firstSegment: panel.vectors.count * plan.blocking.segments.count)
    }
  }

  /// The output rows of all images, and which rows of taps fall inside the image.
  static func rowTable(_ geometry: DirectGeometry) -> [DirectRow] {
    let problem = geometry.problem
    var rows: [DirectRow] = []
    for image in 0..<geometry.images {
      for row in 0..<geometry.output.height {
        let top = row * problem.stride.height - problem.padding.top
        let step = problem.dilation.height
        let first = top >= 0 ? 0 : (step - 1 - top) / step
        let end = geometry.input.height <= top ? 0 : (geometry.input.height - top - 1) / step + 1
        let taps = max(0, min(end, problem.kernel.height) - first)
        let inputRow = taps > 0 ? top + first * step : 0
        rows.append(
          DirectRow(
            input: image * geometry.inputImage
              + inputRow * geometry.input.width * geometry.inputColumn,
            output: image * geometry.outputImage
              + row * geometry.output.width * geometry.outputColumn,
            firstTap: taps > 0 ? first : 0, taps: taps))
      }
    }
    return rows
  }
}
