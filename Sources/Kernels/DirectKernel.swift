// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Walks the tables of a direct convolution; the arithmetic is in `DirectTile`.
///
/// A task is a range of panels × a range of rows × a segment of the row. Blocks of runs are
/// outermost inside a task, so that a panel's part of the filter is read from near memory for all
/// rows; the sums wait in the output between blocks.
enum DirectKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: DirectArguments.self)
    var task = first
    while task < end {
      compute(arguments, task)
      task += 1
    }
  }

  private static func compute(_ arguments: UnsafePointer<DirectArguments>, _ task: Int) {
    let pixelTasks = arguments.pointee.rowTaskCount * arguments.pointee.segmentCount
    let panelTasks = arguments.pointee.panelTaskCount
    let outermost = arguments.pointee.panelsOutermost
    let panelTask = outermost ? task / pixelTasks : task % panelTasks
    let pixelTask = outermost ? task % pixelTasks : task / panelTasks
    let panels = arguments.pointee.panelTasks[panelTask]
    let rows = arguments.pointee.rowTasks[pixelTask / arguments.pointee.segmentCount]
    let segment = pixelTask % arguments.pointee.segmentCount
    var block = 0
    while block < arguments.pointee.blocks {
      var panel = panels.first
      while panel < panels.end {
        compute(arguments, arguments.pointee.panels + panel, rows, segment, block)
        panel += 1
      }
      block += 1
    }
  }

  /// One block of runs of one panel, for all rows of the task.
  private static func compute(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ rows: DirectRange, _ segment: Int, _ block: Int
  ) {
    let firstRun = block * arguments.pointee.runsPerBlock
    let runsLeft = panel.pointee.runs - firstRun
    guard runsLeft > 0 else { return }
    let isLast = runsLeft <= arguments.pointee.runsPerBlock
    let width = panel.pointee.vectors &* MemoryLayout<Vector>.size
    var work = DirectWork()
    work.run = arguments.pointee.run
    work.lastRun = isLast ? panel.pointee.lastRun : arguments.pointee.run
    work.inputRun = 4 &* arguments.pointee.inputRun
    work.inputTapRow = 4 &* arguments.pointee.inputTapRow
    work.inputTapColumn = 4 &* arguments.pointee.inputTapColumn
    work.inputPixel = 4 &* arguments.pointee.inputPixel
    work.filterTapColumn = arguments.pointee.run * width
    work.filterTapRow = arguments.pointee.tapColumns * work.filterTapColumn
    work.filterRun = arguments.pointee.tapRows * work.filterTapRow
    work.outputPixel = 4 &* arguments.pointee.outputPixel
    work.outputVector = 4 &* arguments.pointee.outputVector
    work.lanes = panel.pointee.lanes
    let runs = isLast ? runsLeft : arguments.pointee.runsPerBlock
    let input =
      arguments.pointee.input + panel.pointee.input + firstRun * arguments.pointee.inputRun
    let filter = arguments.pointee.filter + panel.pointee.filter + firstRun * work.filterRun / 4
    let bias = arguments.pointee.bias + panel.pointee.bias
    let sweeps = arguments.pointee.segments[panel.pointee.firstSegment + segment]
    var index = rows.first
    while index < rows.end {
      let row = arguments.pointee.rows + index
      work.tapRows = row.pointee.taps
      let rowInput = input + row.pointee.input
      let rowFilter = UnsafeRawPointer(filter) + row.pointee.firstTap &* work.filterTapRow
      let rowOutput = arguments.pointee.output + panel.pointee.output + row.pointee.output
      var place = sweeps.first
      while place < sweeps.end {
        let sweep = arguments.pointee.sweeps + place
        place += 1
        work.clears = sweep.pointee.clears && block == 0
        work.rectifies = sweep.pointee.finishes && isLast && arguments.pointee.hasReLU
        // A sweep without taps has nothing to do between the first block and the last.
        guard sweep.pointee.taps > 0 || work.clears || work.rectifies else { continue }
        work.tiles = sweep.pointee.tiles
        work.tapColumns = sweep.pointee.taps
        work.runs = sweep.pointee.taps > 0 && work.tapRows > 0 ? runs : 0
        DirectTiles.sweep(
          sweep.pointee.pixels, panel.pointee.vectors, &work, rowInput + sweep.pointee.input,
          rowFilter + sweep.pointee.firstTap &* work.filterTapColumn, bias,
          rowOutput + sweep.pointee.output)
      }
      index += 1
    }
  }
}
