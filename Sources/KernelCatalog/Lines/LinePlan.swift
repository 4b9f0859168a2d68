// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A convolution cut into tiles of the line kernel that should be fastest.
struct LinePlan {
  /// The problem as lines.
  let geometry: LineGeometry
  /// The kernel and its tiles.
  let tiling: LineTiling
  private let problem: ConvolutionProblem
  private let planesInnermost: Bool

  /// The plan with the least cycles by estimate; nil where no entry fits.
  init?(
    _ problem: ConvolutionProblem, _ geometry: LineGeometry, layout: Layout, entries: [LineEntry]
  ) {
    let tilings = entries.compactMap { LineTiling($0, geometry) }
    guard let tiling = tilings.min(by: { $0.cycles < $1.cycles }) else { return nil }
    self.problem = problem
    self.geometry = geometry
    self.tiling = tiling
    planesInnermost = layout == .nhwc
  }

  /// Clock cycles of one worker for its share.
  ///
  /// In NHWC a vector of 8 lanes is a part of a cache line, and its neighbour along the row lies on
  /// another: depthwise on 128 channels of 56x56 took 2.4 times as long as channel-blocked, on Zen 3.
  /// Counted twice. With 16 lanes, whole lines, eight took 1.0 to 1.9 times as long, on Zen 5.
  func cycles(workers: Int) -> Double {
    let taps = geometry.lines.reduce(0) { $0 + $1.taps.count }
    let planes = problem.batch * geometry.planes.count
    let instructionSet = tiling.entry.instructionSet
    let visits = planesInnermost ? (instructionSet == .avx512 ? 1.3 : 2) : 1
    let moving = TileModel(instructionSet).cyclesToMove(
      problem, .current, perLine: TileModel.cyclesPerLineOfRows)
    return max(visits * tiling.cycles * Double(taps * planes), moving) / Double(workers)
  }

  /// Packs the weights and lays out the tables.
  /// - Throws: `MemoryError` where the system has not enough memory.
  func prepare(
    _ operation: ConvolutionOperation, weights: Weights, input: Activation, output: Activation,
    workers: Int, sumsChannels: Bool
  ) throws(MemoryError) -> PreparedOperation {
    let shape = ActivationShape(
      batch: problem.batch, channels: problem.outChannels, extent: Extent(problem.output.height, 1))
    let sums = sumsChannels ? try Activation(shape, layout: output.layout) : nil
    let tables = try LineTables(
      operation, weights, geometry, tiling, input: input, output: output.pointer, sums: sums)
    if !planesInnermost, exceedsNearCaches(workers: workers) {
      tables.prefetch(geometry, stride: tiling.entry.form.stride)
    }
    let tasks = tables.divide(
      linesPerTask: linesPerTask(workers: workers), planesInnermost: planesInnermost,
      images: problem.batch)
    let phase = Phase(
      name: "kernel", tasks: tasks, context: UnsafeRawPointer(tables.arguments),
      run: tiling.entry.run)
    return PreparedOperation(
      phases: [phase], scratchBytes: sums?.buffer.bytes ?? 0,
      implementation: implementation, filterMemory: [tables.filterMemory], channelSums: sums,
      owner: tables)
  }

  /// Whether a worker's share of the tensors comes from beyond level 2.
  private func exceedsNearCaches(workers: Int) -> Bool {
    let floats = problem.inputShape.count + problem.outputShape.count
    return floats * ElementType.f32.bytes / workers > CacheSizes.current.level2
  }

  /// Enough tasks that two workers differ by a few per cent; in NHWC also so few lines that what
  /// neighbouring planes share of cache lines is still near when the next plane needs it.
  private func linesPerTask(workers: Int) -> Int {
    let lines = geometry.lines.count
    let wholePlanes = problem.batch * geometry.planeTasks
    let parts = workers == 1 ? 1 : (16 * workers + wholePlanes - 1) / wholePlanes
    var lineCount = max(1, (lines + parts - 1) / parts)
    if planesInnermost {
      lineCount = min(lineCount, max(4, (128 << 10) / abs(geometry.acrossPitch)))
    }
    return min(lines, lineCount)
  }

  /// The tile, as results name it.
  var implementation: String {
    let form = tiling.entry.form
    return
      "\(form.pixels) outputs, \(form.isWhole ? "all" : "\(form.taps)") taps of a line at a time"
  }
}
