// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a microkernel computes a problem: everything that is decided before weights are known.
struct DirectPlan {
  /// Where things lie.
  let geometry: DirectGeometry
  /// Output channels, a few vectors at a time.
  let panels: DirectPanels
  /// The cut for caches and workers.
  private(set) var blocking: DirectBlocking
  /// The tiles of a row.
  private(set) var columns: DirectColumns
  /// For each width of panel, from 0, the segments of a row.
  private(set) var segments: [[DirectSegment]] = []
  /// The output rows of all images.
  let rows: [DirectRow]
  /// The rows of taps that output rows see, each once; a row's class is the place here, and 0 is none.
  let tapRows: [Range<Int>]
  /// Whether the taps of a row continue each other in the input, channel for channel.
  let joinsTaps: Bool

  /// The plan for the tiles of `entry`.
  init(_ geometry: DirectGeometry, entry: KernelEntry, workers: Int, caches: CacheSizes) {
    self.geometry = geometry
    panels = DirectPanels(
      geometry, vectors: entry.registerBlock.vectors, instructionSet: entry.instructionSet)
    blocking = DirectBlocking(
      geometry, panels, entry: entry, workers: workers, caches: caches)
    columns = DirectColumns(geometry)
    (rows, tapRows) = Self.rows(geometry, segments: blocking.segments.count)
    let steps = geometry.steps
    joinsTaps =
      steps.inputChannel == 1 && steps.inputTapColumn == steps.run
      && panels.panels.allSatisfy { $0.inputChannels.count == $0.runs * steps.run }
      && steps.run % geometry.problem.dataType.quantum == 0
    cutColumns(for: entry, bordersApart: false)
    guard !geometry.copies, !geometry.isFlat, blocking.blockBytes <= caches.level1 / 2 else {
      return
    }
    var other = self
    other.cutColumns(for: entry, bordersApart: true)
    let model = TileModel(entry.instructionSet)
    if other.cycles(model, entry.dataType, caches) < cycles(model, entry.dataType, caches) {
      cutColumns(for: entry, bordersApart: true)
    }
  }

  /// This plan with tasks whose copies fit level 1; nil where rows without taps would have none, or filters are
  /// too large to stay near.
  func copied(_ caches: CacheSizes) -> DirectPlan? {
    guard blocking.blocks == 1, blocking.segments.count == 1, rows.allSatisfy({ $0.taps > 0 }),
      panels.panels.allSatisfy({ $0.runs == 1 })
    else { return nil }
    var copied = self
    copied.blocking.cutRows(
      images: geometry.images, of: geometry.output.height, atMost: geometry.rowsOfCopy(caches))
    return copied
  }

  /// Cuts rows into tiles for each width of panel.
  private mutating func cutColumns(for entry: KernelEntry, bordersApart: Bool) {
    columns = DirectColumns(geometry)
    let widest = panels.panels.map { $0.vectors }.max() ?? 1
    segments = (0...widest).map { vectors in
      let pixels =
        geometry.copies && vectors == 1
        ? DirectCopy.widestTile
        : entry.instructionSet.directTilePixels(vectors: max(1, vectors), of: entry.dataType)
      // Steps in variables have no room for more loops.
      let hasEdges = geometry.inputChannel == 1 && geometry.steps.filterChannel == 0
      let edgePixels =
        hasEdges ? entry.instructionSet.edgePixels(vectors: vectors, of: entry.dataType) : 0
      return blocking.segments.map {
        columns.append(
          $0, pixels: pixels, edgePixels: edgePixels, bordersApart: bordersApart)
      }
    }
  }

  /// Where each output row lies, and which rows of taps fall inside the image.
  private static func rows(
    _ geometry: DirectGeometry, segments: Int
  ) -> (rows: [DirectRow], taps: [Range<Int>]) {
    let inputRow = geometry.input.width * geometry.inputColumn
    let outputRow = geometry.output.width * geometry.outputColumn
    let sums = sumsShape(geometry, segments: segments)
    var rows: [DirectRow] = []
    var classes = [0..<0]
    for image in 0..<geometry.images {
      for row in 0..<geometry.output.height {
        let (taps, input) = tapsInside(geometry, row: row)
        var next = DirectRow(
          input: image * geometry.inputImage + input * inputRow,
          output: image * geometry.outputImage + row * outputRow,
          firstTap: taps.isEmpty ? 0 : taps.lowerBound, taps: taps.count,
          sums: geometry.outputLayout.index(sums, image: image, channel: 0, row: row, column: 0))
        next.tapClass = classes.place(of: taps)
        rows.append(next)
      }
    }
    return (rows, classes)
  }

  /// The rows of taps of an output row inside the image, and the input row under the first.
  private static func tapsInside(
    _ geometry: DirectGeometry, row: Int
  ) -> (taps: Range<Int>, input: Int) {
    let problem = geometry.problem
    let step = problem.dilation.height
    let top = row * problem.stride.height - problem.padding.top
    let first = top >= 0 ? 0 : (step - 1 - top) / step
    let end = geometry.input.height <= top ? 0 : (geometry.input.height - top - 1) / step + 1
    let taps = max(0, min(end, problem.kernel.height) - first)
    return (first..<first + taps, taps > 0 ? top + first * step : 0)
  }

  /// Images, channels, rows and segments of a row: what sums over pixels are kept of.
  var sumsShape: ActivationShape { Self.sumsShape(geometry, segments: blocking.segments.count) }

  private static func sumsShape(_ geometry: DirectGeometry, segments: Int) -> ActivationShape {
    ActivationShape(
      batch: geometry.images, channels: geometry.problem.outChannels,
      extent: Extent(geometry.output.height, segments))
  }

  /// Floats of scratch that each worker needs: for an output that is transposed, and for sums that wait
  /// although the output has no room for them.
  var scratchPerWorker: Int {
    guard geometry.transposesOutput || geometry.narrowsOutput else { return 0 }
    if geometry.copies {
      return geometry.copyScratch(rows: blocking.rowTasks.map { $0.count }.max() ?? 0)
    }
    let vectors = panels.panels.map { $0.vectors }.max() ?? 0
    let rows = blocking.keepsSums ? blocking.rowTasks.map { $0.count }.max() ?? 0 : 1
    let pixels = blocking.segments.map { $0.count }.max() ?? 0
    // Whole lines, so that workers never share one.
    return (rows * pixels * vectors * geometry.lanes + 31) / 32 * 32
  }

  /// How the kernels step.
  func steps(_ epilogue: Epilogue, _ quantization: Quantization? = nil) -> DirectSteps {
    var steps = geometry.steps
    steps.output = DirectSteps.Output(geometry.problem.dataType)
    steps.columnClasses = columns.taps.count
    if let quantization {
      steps.lowest = quantization.lowest(hasReLU: epilogue.hasReLU)
      steps.highest = quantization.highest
      steps.outputZero = Int32(quantization.outputZero)
    }
    steps.runsPerBlock = blocking.runsPerBlock
    steps.blocks = blocking.blocks
    steps.panelsOutermost = blocking.panelsOutermost
    steps.hasReLU = epilogue.hasReLU
    steps.joinsTaps = joinsTaps
    steps.aheadStep = aheadStep
    steps.keepsSums = blocking.keepsSums
    let sums = sumsShape
    steps.sumsSegment = geometry.outputLayout.columnStep(sums)
    steps.sumsVector =
      geometry.outputLayout == .nhwc ? geometry.lanes : sums.extent.area * geometry.lanes
    return steps
  }

  /// Bytes of the next block's filter that tiles ask for with each channel.
  private var aheadStep: Int {
    // Tiles whose channels are apart ask for a share at once, by which 1×1 lost 2.6 % in the mean.
    guard geometry.inputChannel == 1 || !geometry.isFlat else { return 0 }
    let products = max(1, productsPerBlock)
    return max(1, min(64, (blocking.blockBytes + products - 1) / products))
  }

  /// Passes of the innermost loop in a task's first part of a block of runs.
  private var productsPerBlock: Int {
    guard let segment = segments.last?.first, let task = blocking.rowTasks.first else { return 0 }
    let taps = columns.sweeps[segment.sweeps.first..<segment.sweeps.end]
      .reduce(0) { $0 + $1.tiles * $1.taps }
    let tapRows = rows[task].reduce(0) { $0 + $1.taps }
    return taps * tapRows * blocking.runsPerBlock * geometry.runQuanta
  }

  /// Where in a panel's filter the weights of a run and a tap stand, in runs.
  private func position(run: Int, of runs: Int, tap: Int) -> Int {
    let kernel = geometry.problem.kernel
    let first = run / blocking.runsPerBlock * blocking.runsPerBlock
    let count = min(blocking.runsPerBlock, runs - first)
    let (row, column) = tap.quotientAndRemainder(dividingBy: kernel.width)
    let inRow =
      joinsTaps ? (run - first) * kernel.width + column : column * count + run - first
    return first * kernel.area + row * kernel.width * count + inRow
  }

  /// Quanta of a vector in a panel's filter.
  func quanta(_ panel: DirectPanels.Panel) -> Int {
    let kernel = geometry.problem.kernel
    return geometry.copies
      ? kernel.height * geometry.copyRowQuanta : panel.runs * kernel.area * geometry.runQuanta
  }

  /// The quantum of a panel's filter, and the place there, of an input channel's tap.
  func place(
    of channel: Int, tap: Int, _ panel: DirectPanels.Panel
  ) -> (quantum: Int, place: Int) {
    let first = panel.inputChannels.lowerBound
    if geometry.copies {
      let (row, column) = tap.quotientAndRemainder(dividingBy: geometry.problem.kernel.width)
      return geometry.copyPlace(row: row, column: column, channel: channel - first)
    }
    let (run, place) = geometry.place(of: channel, from: first)
    let start = position(run: run, of: panel.runs, tap: tap) * geometry.runQuanta
    let (quantum, rest) = place.quotientAndRemainder(
      dividingBy: geometry.problem.dataType.quantum)
    return (start + quantum, rest)
  }

  /// What sums of integers of a panel may lack: a vector for each class of rows and of columns.
  func compensations(_ panel: DirectPanels.Panel) -> Int {
    tapRows.count * columns.taps.count * panel.vectors * geometry.lanes
  }

  private func lastRun(_ panel: DirectPanels.Panel) -> Int {
    panel.inputChannels.count - (panel.runs - 1) * geometry.run
  }

  /// Lanes of a panel's last vector that are written: its channels, and what the layout has behind the
  /// last one of all.
  private func lanesWritten(_ panel: DirectPanels.Panel) -> Int {
    let channels = panel.outputChannels
    if geometry.outputLayout.isBlocked, channels.upperBound == geometry.problem.outChannels {
      return geometry.lanes - (panel.vectors > 1 ? 0 : channels.lowerBound % geometry.lanes)
    }
    return channels.count - (panel.vectors - 1) * geometry.lanes
  }

  /// The tables of the plan, for a filter whose panels start at `filterStarts`.
  func walk(filterStarts: [Int]) -> DirectTables.Walk {
    var compensationStart = 0
    let table = zip(panels.panels, filterStarts).map { panel, start in
      let first = panel.outputChannels.lowerBound
      var entry = DirectPanel(
        vectors: panel.vectors, lanes: lanesWritten(panel), filterStart: start, biasStart: first,
        inputStart: geometry.inputOffset(channel: panel.inputChannels.lowerBound),
        outputStart: geometry.outputOffset(channel: first), runs: panel.runs,
        lastRun: lastRun(panel), firstSegment: panel.vectors * blocking.segments.count)
      entry.sumsStart = geometry.outputLayout.index(
        sumsShape, image: 0, channel: first, row: 0, column: 0)
      (entry.starts, entry.finishes) = (panel.starts, panel.finishes)
      entry.compensationStart = compensationStart
      compensationStart += compensations(panel)
      return entry
    }
    return DirectTables.Walk(
      panels: table, rows: rows, segments: segments.flatMap { $0 }, sweeps: columns.sweeps,
      panelTasks: blocking.panelTasks, rowTasks: blocking.rowTasks,
      segmentCount: blocking.segments.count)
  }
}
