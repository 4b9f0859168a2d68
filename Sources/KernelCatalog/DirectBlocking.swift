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
  let rowTasks: [Range<Int>]
  /// Columns per task.
  let segments: [Range<Int>]
  /// Floats of a panel's block of the filter, where the filter is not near; 0 where it is.
  let farFloats: Int
  /// Whether neighbouring tasks share panels rather than pixels.
  let panelsOutermost: Bool

  /// Number of independent tasks.
  var tasks: Int { panelTasks.count * rowTasks.count * segments.count }

  /// Tasks that each worker should get at least, so that static halves come out nearly equal.
  private static let tasksPerWorker = 4

  /// The cut for `geometry` and `panels`, run by `workers` workers.
  init(
    _ geometry: DirectGeometry, _ panels: DirectPanels, pixels: Int, workers: Int,
    caches: CacheSizes
  ) {
    let widest = panels.panels.map { $0.vectors.count }.max() ?? 1
    let vectorBytes = geometry.lanes * MemoryLayout<Float>.stride
    let runBytes = geometry.problem.kernel.area * geometry.run * widest * vectorBytes
    let runs = panels.panels.map(\.runs).max() ?? 1
    let rows = geometry.images * geometry.output.height
    let isSmall = rows * geometry.output.width <= Self.fewPixels
    let fitting = max(1, caches.level2 / (isSmall ? 2 : 1) / Self.panelShare / runBytes)
    // A run of a 1×1 convolution is as long as level 1 allows.
    let isLong = geometry.isFlat && geometry.inputLayout == .nhwc
    runsPerBlock = isLong ? 1 : Self.equal(runs, atMost: fitting)
    blocks = (runs + runsPerBlock - 1) / runsPerBlock
    panelsOutermost = Self.prefersPanels(geometry.problem, caches)

    // Pixels that all panels pass over in turn stay near with what they become.
    let floatBytes = MemoryLayout<Float>.stride
    let outputPixel = panelsOutermost ? 0 : geometry.problem.outChannels * floatBytes
    let inputPixel = runsPerBlock * geometry.run * floatBytes
    segments = Self.segments(
      geometry, pixels: pixels,
      pixelBytes: inputPixel * geometry.problem.stride.width + outputPixel, caches)
    let inputRow = geometry.input.width * geometry.problem.stride.height * inputPixel
    let scratchRow = (segments.map(\.count).max() ?? 0) * widest * vectorBytes
    let rowBytes = max(
      inputRow + geometry.output.width * outputPixel, geometry.transposesOutput ? scratchRow : 0)
    let cutsRows = !panelsOutermost || geometry.transposesOutput
    var bands =
      cutsRows
      ? (rows * rowBytes * Self.pixelShare + caches.level2 - 1) / caches.level2 : 1
    let others = panels.panels.count * segments.count
    let wanted = workers > 1 ? Self.tasksPerWorker * workers : 1
    bands = max(bands, (wanted + others - 1) / others)
    rowTasks = Self.cut(rows, into: min(rows, bands))
    panelTasks = Self.cut(panels.panels.count, into: panels.panels.count)
    let floats = runsPerBlock * runBytes / floatBytes
    let isFar = geometry.problem.filterCount * floatBytes > caches.level2 / Self.nearShare
    farFloats = isFar ? floats : 0
  }

  /// A panel's block of the filter may take a quarter of level 2, or half of that where few pixels
  /// use it before the next is needed: its lines are then asked for in time, and both must fit.
  ///
  /// With half of level 2, 3×3 convolutions of 128 to 512 channels lost 2 to 6 % on Zen 3; with an
  /// eighth, those with many pixels lost 1 to 3 %.
  private static let panelShare = 4
  /// What counts as few pixels: images of 14×14 and 7×7, on which the prefetched eighth gained 2 to
  /// 8 %.
  private static let fewPixels = 256
  /// The pixels that all panels pass over may take a quarter of level 2.
  private static let pixelShare = 4
  /// A filter of up to half of level 2 stays there.
  private static let nearShare = 2

  /// The length of nearly equal parts of `count`, each at most `most`.
  private static func equal(_ count: Int, atMost most: Int) -> Int {
    let parts = (count + most - 1) / most
    return (count + parts - 1) / parts
  }

  /// Whether the filter is better kept near than the pixels: it is the larger, or the whole input
  /// stays near anyway.
  private static func prefersPanels(_ problem: ConvolutionProblem, _ caches: CacheSizes) -> Bool {
    let inputBytes = problem.inputShape.count * MemoryLayout<Float>.stride
    return problem.filterCount >= problem.inputShape.count || inputBytes <= caches.level2 / 2
  }

  /// Cuts a long row, as 1×1 convolutions have, into parts that stay in level 2.
  private static func segments(
    _ geometry: DirectGeometry, pixels: Int, pixelBytes: Int, _ caches: CacheSizes
  ) -> [Range<Int>] {
    let columns = geometry.output.width
    guard geometry.output.height == 1 else { return [0..<columns] }
    let fitting = max(4 * pixels, caches.level2 / pixelShare / pixelBytes / pixels * pixels)
    return cut(columns, into: (columns + fitting - 1) / fitting)
  }

  /// Cuts `0..<count` into `parts` ranges of nearly equal length.
  static func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
