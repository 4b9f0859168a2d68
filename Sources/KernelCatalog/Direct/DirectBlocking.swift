// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a direct convolution is cut for the caches and into tasks.
struct DirectBlocking {
  /// Runs of input channels per block.
  let runsPerBlock: Int
  /// Blocks of the panel with the most runs.
  let blocks: Int
  /// Panels per task.
  let panelTasks: [Range<Int>]
  /// Output rows, over all images, per task.
  private(set) var rowTasks: [Range<Int>]
  /// Columns per task.
  let segments: [Range<Int>]
  /// Bytes of a panel's block of the filter.
  let blockBytes: Int
  /// Whether sums in scratch wait for another block, or for the whole task.
  let keepsSums: Bool
  /// Whether neighbouring tasks share panels rather than pixels.
  let panelsOutermost: Bool

  /// Number of independent tasks.
  var tasks: Int { panelTasks.count * rowTasks.count * segments.count }

  /// Tasks that each worker should get at least, so that static halves come out nearly equal.
  private static let tasksPerWorker = 4
  /// With so many tasks per worker, one more or less does not matter.
  private static let evenTasks = 16

  /// Where sums over pixels are kept, a row is cut as for so many workers, whatever their number: those
  /// sums are of its parts.
  private static let workersOfSums = 4

  /// The cut for `geometry` and `panels`, run by `workers` workers in tiles of `entry`.
  init(
    _ geometry: DirectGeometry, _ panels: DirectPanels, entry: KernelEntry, workers: Int,
    caches: CacheSizes
  ) {
    let widest = panels.panels.map { $0.vectors }.max() ?? 1
    let vectorBytes = widest * geometry.lanes * InstructionSet.laneBytes
    let runBytes = geometry.problem.kernel.area * geometry.runQuanta * vectorBytes
    let runs = panels.panels.map { $0.runs }.max() ?? 1
    runsPerBlock = Self.runsPerBlock(runs, geometry, runBytes: runBytes, caches)
    blocks = (runs + runsPerBlock - 1) / runsPerBlock
    keepsSums = geometry.transposesOutput || blocks > 1 || panels.tasks.contains { $0.count > 1 }
    panelsOutermost = Self.prefersPanels(geometry.problem, caches)
    blockBytes = runsPerBlock * runBytes
    let pixels = PixelCut(
      geometry: geometry, panels: panels, entry: entry, workers: workers, caches: caches,
      inputRuns: geometry.isFlat ? runs : runsPerBlock, panelsOutermost: panelsOutermost)
    segments = pixels.segments()
    let waits = keepsSums && (geometry.transposesOutput || geometry.narrowsOutput)
    let longest = segments.map { $0.count }.max() ?? 0
    rowTasks = pixels.rows(
      segments: segments.count, scratchRow: waits ? longest * vectorBytes : nil)
    panelTasks = panels.tasks
  }

  /// Cuts the rows of each image by themselves, into tasks of at most `most` rows, and no fewer tasks than before.
  mutating func cutRows(images: Int, of height: Int, atMost most: Int) {
    let parts = max((rowTasks.count + images - 1) / images, (height + most - 1) / most)
    rowTasks = (0..<images).flatMap { image in
      Self.cut(height, into: min(height, parts)).map {
        $0.lowerBound + image * height..<$0.upperBound + image * height
      }
    }
  }

  /// How pixels are cut: those that all panels pass over in turn stay near with what they become.
  private struct PixelCut {
    let geometry: DirectGeometry
    let panels: DirectPanels
    let entry: KernelEntry
    let workers: Int
    let caches: CacheSizes
    /// Runs of input channels that a panel reads of a pixel at a time.
    let inputRuns: Int
    let panelsOutermost: Bool

    private var problem: ConvolutionProblem { geometry.problem }
    /// Bytes of a pixel.
    private var inputPixel: Int { inputRuns * geometry.run * problem.dataType.input.bytes }
    private var outputPixel: Int {
      panelsOutermost ? 0 : problem.outChannels * problem.dataType.output.bytes
    }
    /// Rows of all images.
    private var rowCount: Int { geometry.images * geometry.output.height }

    /// The parts of a row.
    func segments() -> [Range<Int>] {
      let pixels = entry.registerBlock.pixels
      let columns = geometry.output.width
      let parts = DirectBlocking.segments(
        geometry, pixels: pixels, pixelBytes: inputPixel * problem.stride.width + outputPixel,
        caches)
      let most = geometry.isFlat ? max(parts, columns / pixels) : parts
      let wanted = DirectBlocking.evened(
        parts, of: most, others: panels.tasks.count * rowCount,
        workers: geometry.keepsImages ? DirectBlocking.workersOfSums : workers)
      let order = SummationOrder(
        vectors: Set(panels.panels.map { $0.vectors }), instructionSet: entry.instructionSet,
        type: problem.dataType)
      return order.firstSame(
        (Array(wanted...min(most, 2 * wanted)) + (parts..<wanted).reversed()).lazy
          .map { DirectBlocking.cutTiles(columns, of: pixels, into: $0) },
        as: DirectBlocking.cutTiles(columns, of: pixels, into: parts))
    }

    /// The rows of each task; `scratchRow` are the bytes of sums that wait for a row, where any do.
    func rows(segments: Int, scratchRow: Int?) -> [Range<Int>] {
      let inputRow = geometry.input.width * problem.stride.height * inputPixel
      let rowBytes = max(inputRow + geometry.output.width * outputPixel, scratchRow ?? 0)
      let cutsRows = !panelsOutermost || scratchRow != nil
      let fitting = cutsRows ? (rowCount * rowBytes * pixelShare - 1) / caches.level2 + 1 : 1
      let others = panels.tasks.count * segments
      let tasks = workers > 1 ? tasksPerWorker * workers : 1
      let bands = DirectBlocking.evened(
        max(fitting, (tasks + others - 1) / others), of: rowCount, others: others,
        workers: workers)
      return DirectBlocking.cut(rowCount, into: bands)
    }
  }

  /// A panel's block of the filter may take a quarter of level 2, or half of that where few pixels
  /// use it before the next is needed: its lines are then asked for in time, and both must fit.
  ///
  /// With half of level 2, 3×3 convolutions of 128 to 512 channels lost 2 to 6 % on Zen 3; with an
  /// eighth, those with many pixels lost 1 to 3 %.
  private static let panelShare = 4
  /// What counts as few pixels: images of 14×14, and 7×7 up to a batch of 8, on which the prefetched
  /// eighth gained 2 to 8 %.
  private static let fewPixels = 512
  /// A panel's block of the filter of a 1×1 convolution may take an eighth of level 2.
  ///
  /// With half of level 1, 1×1 of 256 to 2048 channels at 7×7 to 20×20 took 2 to 6 % longer on Zen 3.
  static let flatPanelShare = 8
  /// The pixels that all panels of a 1×1 convolution pass over may take half of level 2.
  ///
  /// With a quarter, it took 1 to 7 % longer.
  private static let flatPixelShare = 2
  /// The pixels that all panels pass over may take a quarter of level 2.
  private static let pixelShare = 4

  /// Runs of nearly equal blocks that fit; one where a run is as long as level 1 allows.
  private static func runsPerBlock(
    _ runs: Int, _ geometry: DirectGeometry, runBytes: Int, _ caches: CacheSizes
  ) -> Int {
    if geometry.isFlat && geometry.inputLayout == .nhwc && geometry.shuffleGroups == 1 { return 1 }
    let pixels = geometry.images * geometry.output.area
    let share = pixels <= fewPixels ? 2 * panelShare : panelShare
    let fitting = max(1, caches.level2 / share / runBytes)
    let blocks = (runs + fitting - 1) / fitting
    return (runs + blocks - 1) / blocks
  }

  /// Whether the filter is better kept near than the pixels: it is the larger, or the whole input
  /// stays near anyway.
  private static func prefersPanels(_ problem: ConvolutionProblem, _ caches: CacheSizes) -> Bool {
    let inputBytes = problem.inputShape.count * problem.dataType.input.bytes
    return problem.filterCount >= problem.inputShape.count || inputBytes <= caches.level2 / 2
  }

  /// Cuts a long row, as 1×1 convolutions have, into parts that stay in level 2.
  private static func segments(
    _ geometry: DirectGeometry, pixels: Int, pixelBytes: Int, _ caches: CacheSizes
  ) -> Int {
    guard geometry.output.height == 1 else { return 1 }
    let fitting = max(4 * pixels, caches.level2 / flatPixelShare / pixelBytes / pixels * pixels)
    return (geometry.output.width + fitting - 1) / fitting
  }

  /// `parts` or a little more, so that equal numbers of tasks fall to each worker: with 11 panels
  /// of three vectors, one of two workers has a fifth more to do.
  static func evened(_ parts: Int, of most: Int, others: Int, workers: Int) -> Int {
    var parts = min(parts, max(1, most))
    while parts < most, parts * others % workers != 0, parts * others < evenTasks * workers {
      parts += 1
    }
    return parts
  }

  /// Cuts `0..<count` into `parts` ranges between its tiles, so that none is narrower than it need be.
  ///
  /// Panels of fewer vectors have wider tiles; theirs depend on the cut.
  private static func cutTiles(_ count: Int, of size: Int, into parts: Int) -> [Range<Int>] {
    let tiles = (count + size - 1) / size
    let (least, larger) = count.quotientAndRemainder(dividingBy: tiles)
    let start = { (tile: Int) in tile * least + min(tile, larger) }
    return cut(tiles, into: parts).map { start($0.lowerBound)..<start($0.upperBound) }
  }

  /// Cuts `0..<count` into `parts` ranges of nearly equal length.
  static func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
