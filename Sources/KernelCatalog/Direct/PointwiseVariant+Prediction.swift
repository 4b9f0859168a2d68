// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension PointwiseVariant {
  /// How much longer tiles take that step through planes, and cycles per cache line of a plane that a panel
  /// reads or writes, each of which lies on a page of its own.
  ///
  /// On Zen 3, tiles took 15 to 35 % longer than those on packed filters, and what was left of the time of
  /// 1×1 in groups of 20 and 80 channels at 28×28 and 38×38 came to 10 cycles a line, of which half is
  /// counted: with all of it, tiles on NHWC were chosen that took 1.15 times as long. On Zen 5 with AVX-512,
  /// whose tiles take one channel a pass, 1 to 1.5 cycles a line were left in all; then 14 took 1.12 times as
  /// long as predicted.
  private var costs: (freeSteps: Double, cyclesPerLine: Double) {
    entry.instructionSet == .avx512 ? (1.1, 1.3) : (1.25, 5)
  }
  private static let lineBytes = 64

  /// Adds up the cycles of every tile, from the tables that the kernels would be given.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let walk = plan(operation, workers: workers).walk
    let model = TileModel(entry.instructionSet)
    let problem = operation.problem
    var cycles = 0.0
    for panel in walk.panels { cycles += self.cycles(panel, of: walk, model, problem) }
    cycles = max(
      cycles, model.cyclesToMove(problem, caches, perLine: TileModel.cyclesPerShortRunLine))
    let tasks = walk.panels.count * walk.segmentCount
    return cycles * Double((tasks + workers - 1) / workers) / Double(tasks)
  }

  /// Cycles of a panel: its lines, and the tiles of its segments.
  private func cycles(
    _ panel: DirectPanel, of walk: DirectTables.Walk, _ model: TileModel,
    _ problem: ConvolutionProblem
  ) -> Double {
    let channels = Double(problem.inChannelsPerGroup)
    let planes = Double(problem.inChannelsPerGroup + problem.outChannelsPerGroup)
    let beginAnywhere = problem.input.area * ElementType.f32.bytes % Self.lineBytes != 0
    let bytes = panel.vectors * entry.instructionSet.lanes * ElementType.f32.bytes
    let lines = (bytes + Self.lineBytes - 1) / Self.lineBytes
    var cycles = Double(lines) * planes * costs.cyclesPerLine
    for segment in walk.segments[panel.firstSegment...].prefix(walk.segmentCount) {
      for sweep in walk.sweeps[segment.sweeps.first..<segment.sweeps.end] {
        let perTile =
          channels * costs.freeSteps
          * model.cyclesPerChannel(
            pixels: sweep.pixels, vectors: panel.vectors, beginAnywhere: beginAnywhere)
          + Double(panel.runs) * model.cyclesPerTile(pixels: sweep.pixels, vectors: panel.vectors)
        cycles += Double(sweep.tiles) * perTile
      }
    }
    return cycles
  }
}
