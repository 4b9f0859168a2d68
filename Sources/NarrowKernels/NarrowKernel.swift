// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Walks the tables of a direct convolution of bf16 or integers; the sums are in `NarrowTile`.
///
/// The tables and their order are those of `DirectKernel`; what differs is where sums wait, and that
/// integers have to be told what the input's zero point makes of their weights.
enum NarrowKernel<A: Arithmetic> {
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
    guard let scratch = arguments.pointee.scratch else { return }
    let waiting = UnsafeMutableRawPointer(scratch + worker * arguments.pointee.scratchPerWorker)
    #if NARROW_AVX512BF16
      if let copy = arguments.pointee.copy {
        computeCopied(arguments, copy, panels, rows, segment, waiting)
        return
      }
    #endif
    var block = 0
    while block < arguments.pointee.steps.blocks {
      var panel = panels.first
      while panel < panels.end {
        compute(arguments, arguments.pointee.panels + panel, rows, segment, block, waiting)
        panel += 1
      }
      block += 1
    }
  }

  /// One block of runs of one panel, for all rows of the task.
  private static func compute(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ rows: DirectRange, _ segment: Int, _ block: Int, _ waiting: UnsafeMutableRawPointer
  ) {
    let steps = arguments.pointee.steps
    let firstRun = block * steps.runsPerBlock
    let runsLeft = panel.pointee.runs - firstRun
    guard runsLeft > 0 else { return }
    let isLast = runsLeft <= steps.runsPerBlock
    let runs = isLast ? runsLeft : steps.runsPerBlock
    let bias = UnsafeRawPointer(arguments.pointee.bias + panel.pointee.biasStart)
    let outputBytes = NarrowWork.outputBytes(A.self, steps)
    let result =
      UnsafeMutableRawPointer(arguments.pointee.output) + outputBytes &* panel.pointee.outputStart
    var work = NarrowWork(A.self, steps, panel, runs: runs, bias: bias, result: result)
    if isLast {
      let channels = panel.pointee.lastRun
      work.lastRun = (A.readsRest ? channels : channels &+ A.quantum &- 1) / A.quantum
      work.lastRest = A.readsRest ? channels % A.quantum : 0
    }
    setOutput(arguments, panel, &work)
    if let spread = arguments.pointee.spread { work.spread = UnsafeRawPointer(spread) }
    let input =
      UnsafeRawPointer(arguments.pointee.input) + A.elementBytes &* panel.pointee.inputStart
      + firstRun &* work.inputRun
    let filter =
      UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart) + firstRun
      &* steps.tapRows &* steps.tapColumns &* NarrowWork.quanta(A.self, steps) &* work.width
    setAhead(arguments, &work, panel, behind: filter, isLast: isLast)
    let part = arguments.pointee.segments[panel.pointee.firstSegment + segment]
    let isComplete = isLast && panel.pointee.finishes
    let isWhole = NarrowOutput.isOfTiles(lanes: panel.pointee.lanes) && steps.output == .rounded
    var sums = waiting
    var index = rows.first
    while index < rows.end {
      let row = arguments.pointee.rows + index
      work.tapRows = row.pointee.taps
      work.runs = row.pointee.taps > 0 ? runs : 0
      let output = result + outputBytes &* row.pointee.output
      sweep(
        arguments, &work, panel.pointee.vectors, part,
        isFirst: block == 0 && panel.pointee.starts, isLast: isComplete && isWhole,
        input: input + A.elementBytes &* row.pointee.input,
        filter: filter + row.pointee.firstTap &* work.filterTapRow, waiting: sums, result: output,
        compensation: compensation(arguments, panel, row, block))
      if isComplete && !isWhole { finish(&work, panel, part, sums, output) }
      if steps.keepsSums { sums += part.pixels &* work.width }
      index += 1
    }
  }

  /// Where the filter goes on behind this block, of which tiles ask for a part.
  @inline(__always)
  private static func setAhead(
    _ arguments: UnsafePointer<DirectArguments>, _ work: inout NarrowWork,
    _ panel: UnsafePointer<DirectPanel>, behind filter: UnsafeRawPointer, isLast: Bool
  ) {
    let bytes = arguments.pointee.steps.tapRows &* work.filterTapRow
    var next = filter + bytes
    if isLast {
      let panel = panel + 1
      let tasks = arguments.pointee.panelTaskCount
      guard panel < arguments.pointee.panels + arguments.pointee.panelTasks[tasks &- 1].end
      else { return }
      next = UnsafeRawPointer(arguments.pointee.packedFilter + panel.pointee.filterStart)
    }
    (work.ahead, work.aheadEnd) = (next, next + bytes)
    work.aheadStep = arguments.pointee.steps.aheadStep
  }

  /// What becomes of a panel's sums.
  @inline(__always)
  static func setOutput(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ work: inout NarrowWork
  ) {
    let steps = arguments.pointee.steps
    if A.isCompensated, let scales = arguments.pointee.scales {
      work.output = NarrowOutput(
        scales: UnsafeRawPointer(scales + panel.pointee.biasStart), lowest: steps.lowest,
        highest: steps.highest, zero: steps.outputZero)
    }
    work.output.rectifies = steps.hasReLU
    work.output.form = steps.output
  }

  /// What a panel's sums of integers lack in a row, for columns without taps; with the first block it is
  /// added once.
  @inline(__always)
  static func compensation(
    _ arguments: UnsafePointer<DirectArguments>, _ panel: UnsafePointer<DirectPanel>,
    _ row: UnsafePointer<DirectRow>, _ block: Int
  ) -> UnsafeRawPointer {
    guard A.isCompensated, let start = arguments.pointee.compensation else {
      return UnsafeRawPointer(arguments.pointee.bias)
    }
    let tapClass = block == 0 ? row.pointee.tapClass : 0
    return UnsafeRawPointer(start + panel.pointee.compensationStart) + tapClass
      &* arguments.pointee.steps.columnClasses &* panel.pointee.vectors &* Vector.bytes
  }

  /// The tiles of a part of a row; `isLast` where what finishes a sum writes it.
  @inline(__always)
  private static func sweep(
    _ arguments: UnsafePointer<DirectArguments>, _ work: inout NarrowWork, _ vectors: Int,
    _ part: DirectSegment, isFirst: Bool, isLast: Bool, input: UnsafeRawPointer,
    filter: UnsafeRawPointer, waiting: UnsafeMutableRawPointer, result: UnsafeMutableRawPointer,
    compensation: UnsafeRawPointer
  ) {
    let joinsTaps = arguments.pointee.steps.joinsTaps
    let run = arguments.pointee.steps.run / A.quantum
    let (runs, tapRows, lastRun) = (work.runs, work.tapRows, work.lastRun)
    let (inputRun, filterRun) = (work.inputRun, work.filterRun)
    var place = part.sweeps.first
    while place < part.sweeps.end {
      let sweep = arguments.pointee.sweeps + place
      place += 1
      work.clears = sweep.pointee.clears && isFirst
      work.finishes = sweep.pointee.finishes && isLast
      let hasTaps = sweep.pointee.taps > 0
      // A sweep without taps has nothing to do between the first block and the last.
      guard hasTaps || work.clears || work.finishes else { continue }
      work.runs = hasTaps ? runs : 0
      (work.inputRun, work.filterRun) = (inputRun, filterRun)
      work.tapRows = tapRows
      work.run = joinsTaps ? run &* sweep.pointee.taps : run
      work.rest = 0
      work.lastRun = lastRun
      if joinsTaps { work.lastRun = work.run }
      work.nest(columns: joinsTaps ? 1 : sweep.pointee.taps)
      if arguments.pointee.spread != nil {
        if hasTaps { work.joinRuns() }
      } else if NarrowWork.mergesRuns(vectors: vectors) {
        work.mergeRuns()
      }
      work.result = result + sweep.pointee.firstPixel &* work.resultPixel
      work.compensation = compensation + sweep.pointee.tapClass &* work.width
      work.tiles = sweep.pointee.tiles
      work.aheadTile = work.products &* work.aheadStep
      tiles(
        arguments, &work, sweep.pointee.pixels, vectors,
        input + A.elementBytes &* sweep.pointee.input,
        filter + sweep.pointee.firstTap &* work.filterTapColumn,
        waiting + (sweep.pointee.firstPixel &- part.firstPixel) &* work.width)
      work.ahead += work.aheadTile &* sweep.pointee.tiles
    }
    (work.runs, work.tapRows, work.lastRun) = (runs, tapRows, lastRun)
    (work.inputRun, work.filterRun) = (inputRun, filterRun)
  }

  /// Neighbouring tiles of `pixels` × `vectors`.
  @inline(__always)
  private static func tiles(
    _ arguments: UnsafePointer<DirectArguments>, _ work: UnsafePointer<NarrowWork>, _ pixels: Int,
    _ vectors: Int, _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer,
    _ waiting: UnsafeMutableRawPointer
  ) {
    #if NARROW_AVX512BF16
      if arguments.pointee.spread != nil {
        NarrowTiles.sweepSpread(A.self, pixels, work, input, filter, waiting)
        return
      }
    #endif
    NarrowTiles.sweep(A.self, pixels, vectors, work, input, filter, waiting)
  }

  /// Writes the outputs of a part of a row from its complete sums: where its last vector is not whole, and
  /// where they have 32 bits.
  ///
  /// In tiles, the stores of a part of a vector took the sums out of their registers.
  @inline(never)
  private static func finish(
    _ work: UnsafePointer<NarrowWork>, _ panel: UnsafePointer<DirectPanel>, _ part: DirectSegment,
    _ sums: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) {
    guard work.pointee.output.form == .rounded else {
      finishWide(work, panel, part, sums, output)
      return
    }
    let last = panel.pointee.vectors &- 1
    var source = sums
    var pixel = part.firstPixel
    while pixel < part.firstPixel &+ part.pixels {
      let target = output + pixel &* work.pointee.resultPixel
      var vector = 0
      while vector < last {
        A.finish(
          Vector(at: source), target + vector &* work.pointee.resultVector, work.pointee.output,
          vector: vector)
        source += Vector.bytes
        vector &+= 1
      }
      A.finish(
        Vector(at: source), target + last &* work.pointee.resultVector, work.pointee.output,
        vector: last, count: panel.pointee.lanes)
      source += Vector.bytes
      pixel &+= 1
    }
  }

  /// The same of outputs of 32 bits.
  @inline(__always)
  private static func finishWide(
    _ work: UnsafePointer<NarrowWork>, _ panel: UnsafePointer<DirectPanel>, _ part: DirectSegment,
    _ sums: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
  ) {
    let last = panel.pointee.vectors &- 1
    var source = sums
    var pixel = part.firstPixel
    while pixel < part.firstPixel &+ part.pixels {
      let target = output + pixel &* work.pointee.resultPixel
      var vector = 0
      while vector <= last {
        A.finishWide(Vector(at: source), work.pointee.output, vector: vector).store(
          target + vector &* work.pointee.resultVector,
          count: vector < last ? Vector.count : panel.pointee.lanes)
        source += Vector.bytes
        vector &+= 1
      }
      pixel &+= 1
    }
  }
}
