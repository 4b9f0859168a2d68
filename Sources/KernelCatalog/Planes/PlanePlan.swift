// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// How a convolution of plain tensors is computed: its bands, its blocks of output channels and its
/// tiles.
struct PlanePlan {
  /// Where the copies lie.
  let layout: PlaneCopyLayout
  /// Output rows of each band.
  let bands: [Range<Int>]
  /// Output channels of each block of a group.
  let blocks: [Range<Int>]
  /// Vectors of positions of the largest tile.
  let tileVectors: Int
  /// Lanes of a vector.
  let lanes: Int
  /// What is computed; a plane is one row where the input is read as it is.
  let problem: ConvolutionProblem
  /// Whether channels are copied.
  let copies: Bool
  private let model: TileModel
  /// Cycles for the filter of a group, which each tile reads anew.
  private let filterCycles: Double
  private let caches: CacheSizes

  /// The plan with the least cycles for `instructionSet`.
  ///
  /// `tile` is the largest one, channels × vectors, where it shall not be chosen.
  init(
    _ problem: ConvolutionProblem, _ instructionSet: InstructionSet, workers: Int,
    caches: CacheSizes, tile: RegisterBlock? = nil
  ) {
    let tasks = problem.groups * problem.batch
    let flat = workers == 1 || tasks >= Self.tasksPerWorker * workers ? problem.flattened : nil
    let problem = flat ?? problem
    self.problem = problem
    self.caches = caches
    copies = flat == nil
    lanes = instructionSet.lanes
    model = TileModel(instructionSet)
    let bytes = problem.filterCount / problem.groups * ElementType.f32.bytes
    filterCycles =
      Double(bytes) / 64 * model.cyclesPerFilterLine(bytes, level2: caches.level2)
    bands = Self.bands(problem, workers: workers, caches: caches)
    layout = PlaneCopyLayout(problem, bandRows: bands.map { $0.count }.max() ?? 1)
    let vectors = Self.vectors(bands, problem, layout, lanes: lanes)
    (blocks, tileVectors) = Self.cut(
      problem, instructionSet, tile: tile
    ) { [model, filterCycles] blocks, width in
      Self.cycles(model, problem, blocks, vectors, of: width, filter: filterCycles)
    }
  }

  /// The blocks of output channels, and the vectors of a tile, that take the least cycles.
  private static func cut(
    _ problem: ConvolutionProblem, _ instructionSet: InstructionSet, tile: RegisterBlock?,
    cycles: (_ blocks: [Range<Int>], _ vectors: Int) -> Double
  ) -> (blocks: [Range<Int>], vectors: Int) {
    let most = min(InstructionSet.largestPlaneTileChannels, problem.outChannelsPerGroup)
    var best: (blocks: [Range<Int>], vectors: Int, cycles: Double) = ([], 1, .infinity)
    for channels in tile.map({ $0.pixels...$0.pixels }) ?? 1...most {
      let blocks = blocks(problem, of: channels)
      let widest = instructionSet.planeTileVectors(channels: blocks.map { $0.count }.max() ?? 1)
      for width in tile.map({ $0.vectors...$0.vectors }) ?? 1...widest {
        let cycles = cycles(blocks, width)
        if cycles < best.cycles { best = (blocks, width, cycles) }
      }
    }
    return (best.blocks, best.vectors)
  }

  /// Whether a worker reads its input in place and from beyond level 2.
  ///
  /// Asking for a tile's outputs and for the next one's inputs then took 0.95 of the time in groups of 12
  /// channels by 1×1 at 65×65 and 0.88 in groups of 10 at 80×80 (Zen 5); tensors that level 2 holds gained
  /// nothing, and lost up to 8 % by asking for outputs.
  var isFar: Bool {
    let floats = problem.inputShape.count + problem.outputShape.count
    return !copies && floats * MemoryLayout<Float>.stride > caches.level2
  }

  /// Bytes from a tile's inputs to those of the next, where these are worth asking for: 144 channels, whose
  /// inputs under two tiles exceed level 1, took 1.2 times as long so.
  var inputAhead: Int {
    let bytes = tileVectors * lanes * MemoryLayout<Float>.stride
    let fits = 2 * problem.inChannelsPerGroup * bytes <= caches.level1
    return isFar && fits ? bytes : 0
  }

  /// Copies may take half of level 2; what is computed from them at a time is near then.
  private static let copyShare = 2
  /// Tasks that each worker should get at least, so that static halves come out nearly equal.
  private static let tasksPerWorker = 4

  private static func bands(
    _ problem: ConvolutionProblem, workers: Int, caches: CacheSizes
  ) -> [Range<Int>] {
    let rows = problem.output.height
    let fitting = PlaneCopyLayout(problem, bandRows: 1).bandRows(
      channels: problem.inChannelsPerGroup,
      within: caches.level2 / copyShare / ElementType.f32.bytes)
    let others = problem.batch * problem.groups
    let wanted = workers > 1 ? (tasksPerWorker * workers + others - 1) / others : 1
    let count = DirectBlocking.evened(
      max((rows + fitting - 1) / fitting, min(rows, wanted)), of: rows, others: others,
      workers: workers)
    return DirectBlocking.cut(rows, into: count)
  }

  /// Blocks of at most `most` channels of nearly equal size.
  private static func blocks(_ problem: ConvolutionProblem, of most: Int) -> [Range<Int>] {
    let channels = problem.outChannelsPerGroup
    return DirectBlocking.cut(channels, into: (channels + most - 1) / most)
  }

  /// Numbers of vectors of positions that bands have, and how many bands.
  private static func vectors(
    _ bands: [Range<Int>], _ problem: ConvolutionProblem, _ layout: PlaneCopyLayout, lanes: Int
  ) -> [(vectors: Int, bands: Int)] {
    let least = bands.map { $0.count }.min() ?? 1
    return [least, least + 1].map { rows in
      (
        ((rows - 1) * layout.pitch + problem.output.width + lanes - 1) / lanes,
        bands.count { $0.count == rows }
      )
    }
  }

  /// Tiles of at most `most` vectors of nearly equal size.
  private static func tiles(_ vectors: Int, of most: Int) -> [PlaneTiles] {
    let count = (vectors + most - 1) / most
    let (least, larger) = vectors.quotientAndRemainder(dividingBy: count)
    let tiles = [
      PlaneTiles(vectors: least + 1, count: larger),
      PlaneTiles(vectors: least, count: count - larger),
    ]
    return tiles.filter { $0.count > 0 }
  }

  private static func cycles(
    _ model: TileModel, _ problem: ConvolutionProblem, _ blocks: [Range<Int>],
    _ vectors: [(vectors: Int, bands: Int)], of most: Int, filter: Double
  ) -> Double {
    let steps = Double(problem.inChannelsPerGroup * problem.kernel.area)
    var cycles = 0.0
    for (vectors, bands) in vectors where bands > 0 {
      for tiles in tiles(vectors, of: most) {
        let perTile = blocks.reduce(filter) { sum, block in
          let (channels, width) = (block.count, tiles.vectors)
          return sum + steps * model.cyclesPerPlaneStep(channels: channels, vectors: width)
            + Double(problem.inChannelsPerGroup) * TileModel.cyclesPerPlaneChange
            + model.cyclesPerPlaneTile(channels: channels, vectors: width)
        }
        cycles += Double(bands * tiles.count) * perTile
      }
    }
    return cycles
  }

  /// Number of independent tasks.
  var tasks: Int { bands.count * problem.groups * problem.batch }

  /// The largest tile, and how the outputs are cut.
  var implementation: String {
    let channels = blocks.map { $0.count }.max() ?? 0
    return "\(channels)x\(tileVectors), bands: \(bands.count)"
  }

  /// Clock cycles of one worker for its share.
  func cycles(workers: Int) -> Double {
    let vectors = Self.vectors(bands, problem, layout, lanes: lanes)
    let rows = copies ? bands.reduce(0) { $0 + layout.rows(of: $1).count } : 0
    let copying =
      Double(rows * problem.inChannelsPerGroup)
      * model.cyclesPerCopiedRow(problem.input.width, stride: problem.stride.width)
    let perGroup =
      copying
      + Self.cycles(model, problem, blocks, vectors, of: tileVectors, filter: filterCycles)
    let moved = model.cyclesToMove(problem, caches, perLine: TileModel.cyclesPerMovedLine)
    return max(perGroup * Double(problem.groups * problem.batch), moved)
      * Double((tasks + workers - 1) / workers * workers) / Double(tasks * workers)
  }

  /// The tiles of each band, and where they start in the table.
  func tiles() -> (table: [PlaneTiles], bands: [Range<Int>]) {
    var table: [PlaneTiles] = []
    let places = bands.map { rows in
      let first = table.count
      let positions = (rows.count - 1) * layout.pitch + problem.output.width
      table += Self.tiles((positions + lanes - 1) / lanes, of: tileVectors)
      return first..<table.count
    }
    return (table, places)
  }
}

extension ConvolutionProblem {
  /// The same with each plane as one row; nil where a kernel sees more than its own pixel.
  fileprivate var flattened: ConvolutionProblem? {
    guard kernel.area == 1, stride == Extent(1, 1), padding == Padding(0, 0) else { return nil }
    return try? ConvolutionProblem(
      groups: groups, batch: batch, inChannels: inChannels, outChannels: outChannels,
      input: Extent(1, input.area), kernel: kernel)
  }
}
