// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The tables of a direct convolution and everything they point to, for the life of an operation.
final class DirectTables {
  /// What the kernels are given.
  let arguments: UnsafeMutablePointer<DirectArguments>
  private let owned: [AnyObject]

  /// The memory that the kernels work on.
  struct Tensors {
    /// What the kernels call input, filter and bias.
    var input, filter, bias: UnsafePointer<Float>
    /// The output.
    var output: UnsafeMutablePointer<Float>
    /// Of integers: scales and what sums lack.
    var scales: UnsafePointer<Float>?
    var compensation: UnsafePointer<Int32>?
    /// Of vectors that groups share: what each lane sees.
    var spread: UnsafePointer<Int32>?
    /// What sums start from besides the bias.
    var addend: UnsafePointer<Float>?
    /// Where sums over pixels go.
    var channelSums: UnsafeMutablePointer<Float>?
    /// Where transposed outputs are collected, and floats per worker.
    var scratch: UnsafeMutablePointer<Float>?
    var scratchPerWorker = 0
    /// What keeps the memory.
    var owners: [AnyObject]
  }

  /// What is computed, in which order.
  struct Walk {
    var panels: [DirectPanel]
    var rows: [DirectRow]
    var segments: [DirectSegment]
    var sweeps: [DirectSweep]
    var panelTasks: [Range<Int>]
    var rowTasks: [Range<Int>]
    /// Segments per row.
    var segmentCount: Int
  }

  /// Tables in memory of their own.
  init(_ steps: DirectSteps, _ walk: Walk, _ tensors: Tensors) {
    let panels = PlainTable(walk.panels)
    let rows = PlainTable(walk.rows)
    let segments = PlainTable(walk.segments)
    let sweeps = PlainTable(walk.sweeps)
    let panelTasks = PlainTable(walk.panelTasks.map(DirectRange.init))
    let rowTasks = PlainTable(walk.rowTasks.map(DirectRange.init))
    owned = tensors.owners + [panels, rows, segments, sweeps, panelTasks, rowTasks]
    arguments = .allocate(capacity: 1)
    arguments.initialize(
      to: DirectArguments(
        input: tensors.input, packedFilter: tensors.filter, bias: tensors.bias,
        output: tensors.output, scratch: tensors.scratch,
        scratchPerWorker: tensors.scratchPerWorker, panels: panels.pointer, rows: rows.pointer,
        segments: segments.pointer, sweeps: sweeps.pointer, steps: steps,
        panelTasks: panelTasks.pointer, panelTaskCount: panelTasks.count,
        rowTasks: rowTasks.pointer, rowTaskCount: rowTasks.count,
        segmentCount: walk.segmentCount))
    arguments.pointee.scales = tensors.scales
    arguments.pointee.compensation = tensors.compensation
    arguments.pointee.spread = tensors.spread
    arguments.pointee.addend = tensors.addend
    arguments.pointee.channelSums = tensors.channelSums
  }

  deinit { arguments.deallocate() }

  /// The only phase.
  func phase(_ run: @escaping KernelEntry.Run) -> Phase {
    Phase(
      name: "kernel", tasks: arguments.pointee.tasks, context: UnsafeRawPointer(arguments),
      run: run)
  }
}
