// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The tables of a direct convolution and everything they point to, for the life of an operation.
final class DirectTables {
  /// What the kernels are given.
  let arguments: UnsafeMutablePointer<DirectArguments>
  private let owned: [AnyObject]

  /// Memory that the kernels work on: where it starts, and what keeps it.
  struct Memory {
    let start: AlignedBuffer.Address
    let owner: AnyObject

    init(_ activation: Activation) { (start, owner) = (activation.pointer, activation) }
    init(_ buffer: AlignedBuffer) { (start, owner) = (buffer.pointer, buffer) }
  }

  /// What the kernels work on.
  struct Tensors {
    /// What the kernels call input, filter and bias.
    var input, filter, bias: Memory
    /// The output.
    var output: Activation
    /// Of integers and shared vectors: scales, what sums lack, and what each lane sees.
    var packing: DirectPacking?
    /// What sums start from besides the bias.
    var addend: Activation?
    /// Where sums over pixels go.
    var channelSums: Activation?
    /// How rows are copied.
    var copy: DirectCopy?
    /// Where transposed outputs are collected, and lanes per worker.
    var scratch: AlignedBuffer?
    var scratchPerWorker = 0

    /// Adds what is not always there.
    fileprivate func complete(_ arguments: inout DirectArguments) {
      arguments.addend = addend.map { UnsafePointer($0.pointer) }
      arguments.channelSums = channelSums?.pointer
      arguments.copy = copy
      guard let packing else { return }
      arguments.scales = packing.scales.bytes > 0 ? UnsafePointer(packing.scales.pointer) : nil
      arguments.compensation = packing.compensation.integers
      arguments.spread = packing.spread.integers
    }

    fileprivate var owners: [AnyObject] {
      let known: [AnyObject] = [input.owner, filter.owner, bias.owner, output]
      let packed = packing.map { [$0.scales, $0.compensation, $0.spread] as [AnyObject] } ?? []
      return known + packed + [addend, channelSums].compactMap { $0 } + [scratch].compactMap { $0 }
    }
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
    let scratch = tensors.scratch.flatMap { $0.count > 0 ? $0.pointer : nil }
    arguments.initialize(
      to: DirectArguments(
        input: UnsafePointer(tensors.input.start),
        packedFilter: UnsafePointer(tensors.filter.start),
        bias: UnsafePointer(tensors.bias.start), output: tensors.output.pointer, scratch: scratch,
        scratchPerWorker: tensors.scratchPerWorker, panels: panels.pointer, rows: rows.pointer,
        segments: segments.pointer, sweeps: sweeps.pointer, steps: steps,
        panelTasks: panelTasks.pointer, panelTaskCount: panelTasks.count,
        rowTasks: rowTasks.pointer, rowTaskCount: rowTasks.count,
        segmentCount: walk.segmentCount))
    tensors.complete(&arguments.pointee)
  }

  deinit { arguments.deallocate() }

  /// The only phase.
  func phase(_ run: @escaping KernelEntry.Run) -> Phase {
    Phase(
      name: "kernel", tasks: arguments.pointee.tasks, context: UnsafeRawPointer(arguments),
      run: run)
  }
}
