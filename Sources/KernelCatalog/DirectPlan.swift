// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a microkernel computes a problem: everything that is decided before weights are known.
struct DirectPlan {
  /// Where things lie.
  let geometry: DirectGeometry
  /// Output channels, a few vectors at a time.
  let panels: DirectPanels
  /// The cut for caches and workers.
  let blocking: DirectBlocking
  /// The tiles of a row.
  let columns: DirectColumns
  /// For each width of panel, from 0, the sweeps of each segment of a row.
  let segments: [[DirectRange]]

  /// The plan for `problem` with the tiles of `entry`.
  init(
    _ problem: ConvolutionProblem, layout: Layout, entry: KernelEntry, workers: Int,
    caches: CacheSizes
  ) {
    geometry = DirectGeometry(problem, layout: layout, lanes: entry.instructionSet.lanes)
    panels = DirectPanels(
      geometry, vectors: entry.registerBlock.vectors, instructionSet: entry.instructionSet)
    let blocking = DirectBlocking(
      geometry, panels, pixels: entry.registerBlock.pixels, workers: workers, caches: caches)
    var columns = DirectColumns(geometry)
    let widest = panels.panels.map { $0.vectors.count }.max() ?? 1
    segments = (0...widest).map { vectors in
      let pixels = entry.instructionSet.directTilePixels(vectors: max(1, vectors))
      return blocking.segments.map { columns.append($0, pixels: pixels) }
    }
    self.columns = columns
    self.blocking = blocking
  }
}
