// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a Winograd convolution is cut for the caches and into tasks, and the memory that this takes.
struct WinogradBlocking {
  /// Blocks of tiles.
  let blocks: Int
  /// Tiles of the largest block.
  let tilesPerBlock: Int
  /// Panels of two vectors of output channels per block of them.
  let panelsPerBlock: Int
  /// Blocks of panels.
  let outputBlocks: Int
  /// Whether the input transform is a phase of its own.
  let isSplit: Bool
  /// Vectors of input channels per task of the input transform, where it is a phase.
  let inputVectorsPerTask: Int
  /// Bytes from one point to the next, and from one tile to the next, of the transformed input and of
  /// the products.
  let transformedPoint, transformedTile, productPoint, productTile: Int
  /// Bytes of the transformed input of a block of tiles, and how many such there are.
  let transformedStep, transformedCopies: Int
  /// Bytes of a worker's memory for two tiles and the products, and where the products start.
  let scratchStep, productOffset: Int
  /// Workers.
  let workers: Int

  /// Input channels that are summed in registers before they are added to the sums of the channels
  /// before: a panel's part of the filter then leaves room in level 1, and errors grow less.
  static let channelsPerSum = 256

  /// Memory beyond input, output and packed filter, in bytes.
  var scratchBytes: Int { transformedCopies * transformedStep + workers * scratchStep }

  /// The cut of `geometry` for `workers` workers, or nil where tiles take more memory than allowed.
  static func best(
    _ geometry: WinogradGeometry, instructionSet: InstructionSet, workers: Int, caches: CacheSizes
  ) -> WinogradBlocking? {
    let allowed = largestScratchShare * Self.tensorBytes(geometry.problem)
    let tiles = geometry.tileCount
    let wanted = Self.wantedTiles(
      geometry, rows: instructionSet.target.winogradRows, caches: caches)
    var blocks = quotient(tiles, wanted)
    // Whole tasks for each worker, where a task is a block.
    if blocks >= workers { blocks = min(tiles, quotient(blocks, workers) * workers) }
    while blocks <= tiles {
      for panels in [4, 2, 1] {
        for isSplit in kinds(blocks: blocks, workers: workers) {
          let blocking = WinogradBlocking(
            geometry, blocks: blocks, panelsPerBlock: panels, isSplit: isSplit, workers: workers)
          if blocking.scratchBytes <= allowed { return blocking }
        }
      }
      blocks *= 2
    }
    return nil
  }

  /// Scratch memory may be this many times as large as input and output together.
  static let largestScratchShare = 4

  private static func tensorBytes(_ problem: ConvolutionProblem) -> Int {
    ElementType.f32.bytes * (problem.inputShape.count + problem.outputShape.count)
  }

  /// Tiles per block: more of them read the filter less often, fewer stay in level 2.
  private static func wantedTiles(
    _ geometry: WinogradGeometry, rows: Int, caches: CacheSizes
  ) -> Int {
    let points = geometry.form.points * geometry.form.points
    let tile = points * (geometry.inputVectors + min(8, geometry.outputVectors)) * geometry.vector
    let fitting = caches.level2 / 2 / tile / rows * rows
    let filter = points * geometry.problem.inChannels * geometry.outputVectors * geometry.vector
    let least = filter > 4 * caches.level2 ? 9 * rows : 2 * rows
    return max(least, min(fitting, 9 * rows))
  }

  /// Whether the input transform is a phase of its own, the better answer first.
  ///
  /// Where there are enough blocks for all workers, a block's transformed tiles stay in the cache of
  /// the worker that uses them.
  private static func kinds(blocks: Int, workers: Int) -> [Bool] {
    workers == 1 ? [false] : blocks >= 4 * workers ? [false, true] : [true, false]
  }

  private init(
    _ geometry: WinogradGeometry, blocks: Int, panelsPerBlock: Int, isSplit: Bool, workers: Int
  ) {
    let points = geometry.form.points * geometry.form.points
    let panels = (geometry.outputVectors + 1) / 2
    (self.blocks, self.isSplit, self.workers) = (blocks, isSplit, workers)
    var parts = Self.quotient(panels, panelsPerBlock)
    if isSplit, !(parts * blocks).isMultiple(of: workers) {
      parts = Self.quotient(parts, workers) * workers
    }
    self.panelsPerBlock = Self.quotient(panels, parts)
    outputBlocks = Self.quotient(panels, self.panelsPerBlock)
    tilesPerBlock = Self.quotient(geometry.tileCount, blocks)
    let pieces = max(1, 4 * workers / blocks)
    inputVectorsPerTask = max(2, (geometry.inputVectors / pieces + 1) / 2 * 2)
    transformedTile = geometry.inputVectors * geometry.vector
    transformedPoint = Self.oddLines(transformedTile * tilesPerBlock)
    productTile = 2 * self.panelsPerBlock * geometry.vector
    productPoint = Self.oddLines(productTile * tilesPerBlock)
    transformedStep = points * transformedPoint
    transformedCopies = isSplit ? blocks : workers
    productOffset = 2 * points * geometry.vector
    scratchStep = productOffset + points * productPoint
  }

  /// At least `bytes`, in an odd number of cache lines: matrices of neighbouring points then start
  /// in different sets of the caches.
  private static func oddLines(_ bytes: Int) -> Int {
    let line = 64
    return (((bytes + line - 1) / line) | 1) * line
  }

  /// `⌈dividend / divisor⌉`.
  private static func quotient(_ dividend: Int, _ divisor: Int) -> Int {
    (dividend + divisor - 1) / divisor
  }
}
