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
    let problem = geometry.problem
    let floatBytes = MemoryLayout<Float>.stride
    let widest = panels.panels.map { $0.vectors.count }.max() ?? 1
    let runBytes = problem.kernel.area * geometry.run * widest * geometry.lanes * floatBytes
    let runs = panels.panels.map(\.runs).max() ?? 1
    // A panel's block and the rows it meets share level 2.
    let fitting = max(1, caches.level2 / 2 / runBytes)
    blocks = (runs + fitting - 1) / fitting
    runsPerBlock = (runs + blocks - 1) / blocks

    let filterBytes = problem.filterCount * floatBytes
    let inputBytes = problem.inputShape.count * floatBytes
    panelsOutermost = filterBytes >= inputBytes || inputBytes <= caches.level2 / 2

    let rows = geometry.images * geometry.output.height
    let pixelBytes = runsPerBlock * geometry.run * floatBytes * problem.stride.width
    let columns = geometry.output.width
    // A segment's pixels stay in level 2 while the panels pass over them.
    let segmentPixels = max(4 * pixels, caches.level2 / 4 / pixelBytes / pixels * pixels)
    segments =
      geometry.output.height == 1
      ? Self.cut(columns, into: (columns + segmentPixels - 1) / segmentPixels) : [0..<columns]
    let rowBytes = geometry.input.width * pixelBytes * problem.stride.height
    let fittingRows = max(1, caches.level2 / 4 / rowBytes)
    let wanted = Self.tasksPerWorker * workers
    var bands = panelsOutermost ? 1 : (rows + fittingRows - 1) / fittingRows
    let others = panels.panels.count * segments.count
    if workers > 1, others * bands < wanted { bands = (wanted + others - 1) / others }
    rowTasks = Self.cut(rows, into: min(rows, bands))
    panelTasks = Self.cut(panels.panels.count, into: panels.panels.count)
  }

  /// Cuts `0..<count` into `parts` ranges of nearly equal length.
  static func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
    (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }
}
