// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension DirectVariant {
  /// Adds up the cycles of every tile, from the tables that the kernels would be given.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let plan = plan(operation, workers: workers)
    let model = TileModel(entry.instructionSet)
    var cycles = plan.cycles(model, entry.dataType, caches)
    cycles *= plan.geometry.isChannelsLast ? TileModel.channelsLast : 1
    cycles += TileModel.cyclesPerFarLine * Double(plan.geometry.farLines(caches))
    if plan.geometry.transposesOutput {
      cycles += model.cyclesPerTransposed * Double(operation.problem.outputShape.count)
    }
    if plan.geometry.isFlat {
      cycles = max(
        cycles,
        model.cyclesToMove(operation.problem, caches, perLine: TileModel.cyclesPerShortRunLine))
    }
    // Each worker has whole tasks.
    let tasks = plan.blocking.tasks
    return cycles * Double((tasks + workers - 1) / workers) / Double(tasks)
  }
}

extension DirectPlan {
  /// Cycles of all tiles.
  func cycles(_ model: TileModel, _ type: DataType, _ caches: CacheSizes) -> Double {
    let tapRows = rows.reduce(0) { $0 + $1.taps }
    var cycles = 0.0
    if geometry.copies {
      let copies = blocking.rowTasks.reduce(0) { $0 + geometry.copyCycles(rows: $1.count) }
      cycles += Double(panels.panels.count) * copies
    }
    for panel in panels.panels {
      for segment in segments[panel.vectors] {
        for sweep in columns.sweeps[segment.sweeps.first..<segment.sweeps.end] {
          cycles +=
            Double(sweep.tiles) * perTile(sweep, panel, tapRows: tapRows, model, type, caches)
        }
      }
    }
    return cycles
  }

  /// Cycles of a tile of `sweep` in all rows.
  private func perTile(
    _ sweep: DirectSweep, _ panel: DirectPanels.Panel, tapRows: Int, _ model: TileModel,
    _ type: DataType, _ caches: CacheSizes
  ) -> Double {
    let vectors = panel.vectors
    if geometry.copies {
      let together = DirectCopy.rows(pixels: sweep.pixels, vectors: vectors)
      let products = model.cyclesPerQuantum(
        type, pixels: together * sweep.pixels, vectors: vectors)
      return Double(tapRows * geometry.copyRowQuanta) * products / Double(together)
        + Double(rows.count) * model.cyclesPerTile(pixels: sweep.pixels, vectors: vectors)
    }
    let lines = Double(vectors * geometry.lanes) / 16
    let streaming = blocking.blockBytes > caches.level1 ? lines * TileModel.cyclesPerNearLine : 0
    let products = model.cyclesPerQuantum(type, pixels: sweep.pixels, vectors: vectors)
    let stepping = geometry.inputChannel == 1 ? 1 : model.steppingPlanes
    let quanta = (panel.inputChannels.count + type.quantum - 1) / type.quantum
    // See `NarrowWork.mergeRuns`.
    let isOneLoop = joinsTaps || model.hasDotProducts && vectors <= 2 && panel.runs == 1
    let inner = sweep.taps - sweep.before - sweep.after
    let loops = [sweep.before, inner, sweep.after].count { $0 > 0 }
    let runs = (isOneLoop ? loops : sweep.taps) * panel.runs
    let conflicts = geometry.sharesFewSets(caches) ? TileModel.cyclesPerConflict : 0
    // Taps that a pixel has not are not summed for it.
    let edges = Double(sweep.before + sweep.after) / Double(sweep.pixels)
    return (Double(sweep.taps) - edges) * Double(tapRows * quanta) * stepping
      * max(products, streaming)
      + Double(runs * tapRows) * (TileModel.cyclesPerRun + conflicts * Double(sweep.pixels))
      + Double(rows.count * blocking.blocks)
      * model.cyclesPerTile(pixels: sweep.pixels, vectors: vectors)
  }
}
