// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Walks the tables of a direct convolution; the arithmetic is in `DirectTile`.
///
/// A task is a range of panels × a range of rows × a segment of the row; its panels compute the same
/// outputs, one after the other. Blocks of runs are
/// outermost inside a task, so that a panel's part of the filter is read from near memory for all
/// rows; the sums wait in the output between blocks.
enum DirectKernel {
  /// Executes tasks; the contract of `KernelEntry.Run`.
  static func run(_ context: UnsafeRawPointer, _ first: Int, _ end: Int, _ worker: Int) {
    let arguments = context.assumingMemoryBound(to: DirectArguments.self)
    var task = first
    while task < end {
      compute(arguments, task, worker)
      task += 1
    }
  }

  private static func compute(
    _ arguments: UnsafePointer<DirectArguments>, _ task: Int, _ worker: Int
  ) {
    let pixelTasks = arguments.pointee.rowTaskCount * arguments.pointee.segmentCount
    let panelTasks = arguments.pointee.panelTaskCount
    let outermost = arguments.pointee.steps.panelsOutermost
    let panelTask = outermost ? task / pixelTasks : task % panelTasks
    let pixelTask = outermost ? task % pixelTasks : task / panelTasks
    let panels = arguments.pointee.panelTasks[panelTask]
    let rows = arguments.pointee.rowTasks[pixelTask / arguments.pointee.segmentCount]
    let segment = pixelTask % arguments.pointee.segmentCount
    var scratch: UnsafeMutablePointer<Float>?
    if let start = arguments.pointee.scratch {
      scratch = start + worker * arguments.pointee.scratchPerWorker
    }
    var block = 0
    while block < arguments.pointee.steps.blocks {
      var panel = panels.first
      while panel < panels.end {
        compute(
          arguments, arguments.pointee.panels + panel, rows, segment, block, scratch: scratch)
        panel += 1
      }
      block += 1
    }
    if let scratch {
      DirectTranspose.write(
        arguments, arguments.pointee.panels + panels.first, rows, segment, from: scratch)
    }
  }

  /// One block of runs of one panel, for all rows of the task.
  private static func compute(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ rows: DirectRange, _ segment: Int, _ block: Int, scratch: UnsafeMutablePointer<Float>?
  ) {
    let steps = arguments.pointee.steps
    let firstRun = block * steps.runsPerBlock
    let runsLeft = panel.pointee.runs - firstRun
    guard runsLeft > 0 else { return }
    let isLast = runsLeft <= steps.runsPerBlock
    let runs = isLast ? runsLeft : steps.runsPerBlock
    var work = DirectWork(
      steps, panel, runs: runs, isTransposed: scratch != nil,
      filter: UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart))
    if isLast { work.lastRun = panel.pointee.lastRun }
    let input =
      UnsafeRawPointer(arguments.pointee.input + panel.pointee.inputStart) + firstRun
      &* work.inputRun
    let filter =
      UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart) + firstRun
      &* steps.tapRows &* steps.tapColumns &* steps.run &* work.filterChannel
    setAhead(arguments, &work, panel, behind: filter, isLast: isLast)
    let bias = UnsafeRawPointer(arguments.pointee.bias + panel.pointee.biasStart)
    let part = arguments.pointee.segments[panel.pointee.firstSegment + segment]
    var output: UnsafeMutableRawPointer
    if let scratch {
      output = UnsafeMutableRawPointer(scratch) - part.firstPixel &* work.outputPixel
    } else {
      output = UnsafeMutableRawPointer(arguments.pointee.output + panel.pointee.outputStart)
    }
    let isComplete = isLast && panel.pointee.finishes
    let wantsSums = isComplete && arguments.pointee.channelSums != nil
    // The panel's own, and those of the taps that a tile's first and last pixel have not, as tiles of one
    // vector have them.
    withUnsafeTemporaryAllocation(of: DirectWork.self, capacity: 3) { buffer in
      guard let others = buffer.baseAddress else { return }
      others.initialize(repeating: work, count: work.vectors == 1 ? 3 : 1)
      var index = rows.first
      while index < rows.end {
        let row = arguments.pointee.rows + index
        sweep(
          arguments, &work, others, part, tapRows: row.pointee.taps,
          isFirst: block == 0 && panel.pointee.starts, isLast: isComplete,
          sums: wantsSums ? sums(arguments, panel, row, segment) : nil,
          input: input + 4 &* row.pointee.input,
          filter: filter + row.pointee.firstTap &* work.filterTapRow, bias: bias,
          output: scratch == nil ? output + 4 &* row.pointee.output : output)
        if scratch != nil { output += part.pixels &* work.outputPixel }
        index += 1
      }
    }
  }

  /// Where the filter goes on behind this block, of which tiles ask for a part.
  @inline(__always)
  private static func setAhead(
    _ arguments: UnsafePointer<DirectArguments>, _ work: inout DirectWork,
    _ panel: UnsafePointer<DirectPanel>, behind filter: UnsafeRawPointer, isLast: Bool
  ) {
    let steps = arguments.pointee.steps
    guard steps.aheadStep > 0 else { return }
    let bytes = steps.tapRows &* work.filterTapRow
    var next = filter + bytes
    if isLast {
      let panel = panel + 1
      let tasks = arguments.pointee.panelTaskCount
      guard panel < arguments.pointee.panels + arguments.pointee.panelTasks[tasks &- 1].end
      else { return }
      next = UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart)
    }
    (work.ahead, work.aheadEnd) = (next, next + bytes)
    work.aheadStep = steps.aheadStep
  }

  /// Where the sums of a row's part over its pixels go.
  private static func sums(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ row: UnsafePointer<DirectRow>, _ segment: Int
  ) -> UnsafeMutableRawPointer? {
    guard let start = arguments.pointee.channelSums else { return nil }
    let steps = arguments.pointee.steps
    let offset = row.pointee.sums &+ segment &* steps.sumsSegment &+ panel.pointee.sumsStart
    return UnsafeMutableRawPointer(start + offset)
  }

  /// The tiles of a part of a row; the first of `others` is the work of its panel.
  @inline(__always)
  private static func sweep(
    _ arguments: UnsafePointer<DirectArguments>, _ work: inout DirectWork,
    _ others: UnsafeMutablePointer<DirectWork>, _ part: DirectSegment, tapRows: Int,
    isFirst: Bool, isLast: Bool, sums: UnsafeMutableRawPointer?, input: UnsafeRawPointer,
    filter: UnsafeRawPointer, bias: UnsafeRawPointer, output: UnsafeMutableRawPointer
  ) {
    var place = part.sweeps.first
    while place < part.sweeps.end {
      let sweep = arguments.pointee.sweeps + place
      place += 1
      work.clears = sweep.pointee.clears && isFirst
      work.rectifies = sweep.pointee.finishes && isLast && arguments.pointee.steps.hasReLU
      let hasTaps = sweep.pointee.taps > 0
      let ownSums = sweep.pointee.finishes ? sums : nil
      // A sweep without taps has nothing to do between the first block and the last.
      guard hasTaps || work.clears || work.rectifies || ownSums != nil else { continue }
      setNests(arguments, &work, others, sweep, tapRows: tapRows)
      let firstTap = sweep.pointee.firstTap &+ sweep.pointee.before
      let tileInput =
        input + 4 &* sweep.pointee.input + sweep.pointee.before &* work.inputTapColumn
      let tileFilter = filter + firstTap &* work.filterTapColumn
      let tileBias = work.hasBiasPerPixel ? bias + 4 &* sweep.pointee.firstPixel : bias
      let tileOutput = output + sweep.pointee.firstPixel &* work.outputPixel
      work.aheadTile = work.allProducts &* work.aheadStep
      (work.start, work.addsBias) = (0, false)
      if work.clears, let addend = arguments.pointee.addend {
        work.start = UnsafeRawPointer(addend) - UnsafeRawPointer(arguments.pointee.output)
        (work.clears, work.addsBias) = (false, true)
      }
      if let ownSums {
        summed(
          &work, sweep, tileInput, tileFilter, tileBias, tileOutput, sums: ownSums,
          isFirst: sweep.pointee.firstPixel == part.firstPixel,
          vectorStep: 4 &* arguments.pointee.steps.sumsVector)
      } else {
        tiles(
          &work, sweep.pointee.pixels, sweep.pointee.tiles, tileInput, tileFilter, tileBias,
          tileOutput)
      }
    }
  }

  /// The loop nests of a sweep: of the taps that all of its pixels have, and of those that its first or its
  /// last pixel has not.
  @inline(__always)
  private static func setNests(
    _ arguments: UnsafePointer<DirectArguments>, _ work: inout DirectWork,
    _ others: UnsafeMutablePointer<DirectWork>, _ sweep: UnsafePointer<DirectSweep>, tapRows: Int
  ) {
    let own = UnsafePointer(others)
    let joinsTaps = arguments.pointee.steps.joinsTaps
    let (before, after) = (sweep.pointee.before, sweep.pointee.after)
    let taps = sweep.pointee.taps &- before &- after
    (work.before, work.after) = (nil, nil)
    if before > 0, tapRows > 0 {
      others[1].nest(taps: before, tapRows: tapRows, joinsTaps: joinsTaps, own)
      others[1].shift(columns: 0 &- before)
      work.before = UnsafePointer(others + 1)
    }
    if after > 0, tapRows > 0 {
      others[2].nest(taps: after, tapRows: tapRows, joinsTaps: joinsTaps, own)
      others[2].shift(columns: taps)
      work.after = UnsafePointer(others + 2)
    }
    work.nest(taps: taps, tapRows: tapRows, joinsTaps: joinsTaps, own)
  }

  /// `count` neighbouring tiles of `pixels` pixels.
  @inline(__always)
  private static func tiles(
    _ work: inout DirectWork, _ pixels: Int, _ count: Int, _ input: UnsafeRawPointer,
    _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) {
    work.tiles = count
    if work.isPacked {
      DirectTiles.sweep(
        PackedSteps.self, pixels, work.vectors, &work, input, filter, bias, output)
    } else {
      DirectTiles.sweep(
        FreeSteps.self, pixels, work.vectors, &work, input, filter, bias, output)
    }
    work.ahead += work.aheadTile &* count
  }

  /// Tiles whose outputs are summed together, while they are in level 1.
  private static let summedTiles = 16

  /// The tiles of a sweep, and the sums of their outputs.
  @inline(never)
  private static func summed(
    _ work: inout DirectWork, _ sweep: UnsafePointer<DirectSweep>, _ input: UnsafeRawPointer,
    _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer, _ output: UnsafeMutableRawPointer,
    sums: UnsafeMutableRawPointer, isFirst: Bool, vectorStep: Int
  ) {
    var (input, output) = (input, output)
    var isFirst = isFirst
    var left = sweep.pointee.tiles
    while left > 0 {
      let count = left < summedTiles ? left : summedTiles
      let pixels = count &* sweep.pointee.pixels
      tiles(&work, sweep.pointee.pixels, count, input, filter, bias, output)
      DirectSums.add(
        &work, pixels: pixels, isFirst: isFirst, from: output, to: sums, vectorStep: vectorStep)
      isFirst = false
      input += pixels &* work.inputPixel
      output += pixels &* work.outputPixel
      left &-= count
    }
  }
}
