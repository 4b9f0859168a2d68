// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension PointwiseVariant: PredictedVariant {
  /// Tiles that step through planes took 15 to 35 % longer than those on packed filters, on Zen 3.
  private static let freeSteps = 1.25

  /// Adds up the cycles of every tile, from the tables that the kernels would be given.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let plan = plan(operation, workers: workers)
    let model = TileModel(entry.instructionSet)
    let channels = Double(operation.problem.inChannelsPerGroup)
    var cycles = 0.0
    for panel in plan.walk.panels {
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
