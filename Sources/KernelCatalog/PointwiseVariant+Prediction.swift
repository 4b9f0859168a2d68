// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension PointwiseVariant: PredictedVariant {
  /// Tiles that step through planes took 15 to 35 % longer than those on packed filters, on Zen 3.
  private static let freeSteps = 1.25

  /// Cycles per cache line of a plane that a panel reads or writes: each lies on a page of its own.
  ///
  /// What was left of the time of 1×1 in groups of 20 and 80 channels at 28×28 and 38×38 when tiles
  /// were subtracted came to 10 cycles a line for both, on Zen 3. Half of that is counted: with all of
  /// it, tiles on NHWC were chosen that took 1.15 times as long.
  private static let cyclesPerLine = 5.0
  private static let lineBytes = 64

  /// Adds up the cycles of every tile, from the tables that the kernels would be given.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let plan = plan(operation, workers: workers)
    let model = TileModel(entry.instructionSet)
    let problem = operation.problem
    let channels = Double(problem.inChannelsPerGroup)
    let planes = Double(problem.inChannelsPerGroup + problem.outChannelsPerGroup)
    var cycles = 0.0
    for panel in plan.walk.panels {
      let bytes = panel.vectors * entry.instructionSet.lanes * MemoryLayout<Float>.stride
      let lines = (bytes + Self.lineBytes - 1) / Self.lineBytes
      cycles += Double(lines) * planes * Self.cyclesPerLine
      for segment in plan.walk.segments[panel.firstSegment...].prefix(plan.walk.segmentCount) {
        for sweep in plan.walk.sweeps[segment.sweeps.first..<segment.sweeps.end] {
          let perTile =
            channels * Self.freeSteps
            * model.cyclesPerChannel(pixels: sweep.pixels, vectors: panel.vectors)
            + Double(panel.runs)
            * model.cyclesPerTile(pixels: sweep.pixels, vectors: panel.vectors)
          cycles += Double(sweep.tiles) * perTile
        }
      }
    }
    let tasks = plan.walk.panels.count * plan.walk.segmentCount
    return cycles * Double((tasks + workers - 1) / workers) / Double(tasks)
  }
}
