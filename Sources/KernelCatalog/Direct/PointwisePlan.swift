// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a 1×1 convolution on NCHW tensors is computed: panels are pixels, tiles are output channels.
struct PointwisePlan {
  /// The tables of the kernels.
  let walk: DirectTables.Walk
  /// Channels per run, of which one is summed at a time for all tiles.
  let run: Int
  private let problem: ConvolutionProblem
  private let lanes: Int

  /// The plan for the tiles of `entry`.
  init(_ problem: ConvolutionProblem, entry: KernelEntry, workers: Int, caches: CacheSizes) {
    self.problem = problem
    lanes = entry.instructionSet.lanes
    let (channels, widest) = (problem.inChannelsPerGroup, entry.registerBlock.vectors)
    run = Self.run(channels, bytes: widest * lanes * ElementType.f32.bytes, caches)
    let widths = DirectPanels.widths(
      of: (problem.input.area + lanes - 1) / lanes, widest: widest,
      instructionSet: entry.instructionSet)
    let order = SummationOrder(vectors: Set(widths), instructionSet: entry.instructionSet)
    let parts = Self.parts(problem, panels: widths.count, order, workers: workers)
    var sweeps: [DirectSweep] = []
    let segments = (0...(widths.max() ?? 1)).flatMap { vectors in
      let most = entry.instructionSet.directTilePixels(vectors: max(1, vectors))
      return parts.map {
        Self.segment($0, most: most, channels: channels, sweeps: &sweeps)
      }
    }
    let panels = Self.panels(
      problem, widths: widths, lanes: lanes, run: run, segmentCount: parts.count)
    walk = DirectTables.Walk(
      panels: panels, rows: [DirectRow(input: 0, output: 0, firstTap: 0, taps: 1)],
      segments: segments, sweeps: sweeps,
      panelTasks: DirectBlocking.cut(panels.count, into: panels.count), rowTasks: [0..<1],
      segmentCount: parts.count)
  }

  /// Channels per run: the rows of a panel that it reads stay in level 1 while the output channels pass
  /// over them.
  private static func run(_ channels: Int, bytes: Int, _ caches: CacheSizes) -> Int {
    let fitting = max(1, caches.level1 / 2 / bytes)
    let runs = (channels + fitting - 1) / fitting
    return (channels + runs - 1) / runs
  }

  /// Output channels of a group per task: all, unless there are too few panels for the workers.
  private static func parts(
    _ problem: ConvolutionProblem, panels: Int, _ order: SummationOrder, workers: Int
  ) -> [Range<Int>] {
    let tasks = panels * problem.groups * problem.batch
    let wanted = workers > 1 ? 8 * workers : 1
    let channels = problem.outChannelsPerGroup
    let most = min((channels + 23) / 24, (wanted + tasks - 1) / tasks)
    return order.firstSame(
      (1...most).reversed().lazy.map { DirectBlocking.cut(channels, into: $0) },
      as: [0..<channels])
  }

  private static func segment(
    _ outputs: Range<Int>, most: Int, channels: Int, sweeps: inout [DirectSweep]
  ) -> DirectSegment {
    let start = sweeps.count
    let tiles = (outputs.count + most - 1) / most
    var first = outputs.lowerBound
    for tile in 0..<tiles {
      let size = (outputs.upperBound - first + tiles - tile - 1) / (tiles - tile)
      if let last = sweeps.last, sweeps.count > start, last.pixels == size {
        sweeps[sweeps.count - 1].tiles += 1
      } else {
        sweeps.append(
          DirectSweep(
            input: first * channels, firstPixel: first, pixels: size, tiles: 1, firstTap: 0,
            taps: 1, clears: true, finishes: true))
      }
      first += size
    }
    return DirectSegment(outputs, sweeps: DirectRange(start..<sweeps.count))
  }

  /// A panel for each few vectors of pixels of each group of each image.
  private static func panels(
    _ problem: ConvolutionProblem, widths: [Int], lanes: Int, run: Int, segmentCount: Int
  ) -> [DirectPanel] {
    let plane = problem.input.area
    let channels = problem.inChannelsPerGroup
    let runs = (channels + run - 1) / run
    var panels: [DirectPanel] = []
    for index in 0..<problem.batch * problem.groups {
      let group = index % problem.groups
      var first = 0
      for width in widths {
        let left = plane - first - (width - 1) * lanes
        panels.append(
          DirectPanel(
            vectors: width, lanes: min(lanes, left),
            filterStart: index * channels * plane + first,
            biasStart: group * problem.outChannelsPerGroup,
            inputStart: group * problem.outChannelsPerGroup * channels,
            outputStart: index * problem.outChannelsPerGroup * plane + first, runs: runs,
            lastRun: channels - (runs - 1) * run, firstSegment: width * segmentCount))
        first += width * lanes
      }
    }
    return panels
  }

  /// How the kernels step.
  func steps(_ epilogue: Epilogue) -> DirectSteps {
    var steps = DirectSteps()
    steps.run = run
    steps.inputRun = run
    steps.inputPixel = problem.inChannelsPerGroup
    steps.filterChannel = problem.input.area
    steps.outputPixel = problem.input.area
    steps.outputVector = lanes
    steps.runsPerBlock = 1
    steps.blocks = (problem.inChannelsPerGroup + run - 1) / run
    steps.hasBiasPerPixel = true
    steps.hasReLU = epilogue.hasReLU
    return steps
  }
}
