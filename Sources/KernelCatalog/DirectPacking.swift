// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The filter and bias of a direct convolution in the order in which the kernels read them.
struct DirectPacking {
  /// `[panel][block][Kh][Kw][run][channel of run][vector][lane]`; where the taps of a row join,
  /// `[Kw]` and `[run]` change places.
  let filter: AlignedBuffer
  /// `[output channel]`, and zeros for the lanes behind the last one.
  let bias: AlignedBuffer
  /// Where each panel starts in `filter`.
  let starts: [Int]

  /// Packs `weights`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ plan: DirectPlan, _ operation: ConvolutionOperation, _ weights: Weights
  ) throws(MemoryError) {
    let (geometry, panels) = (plan.geometry, plan.panels)
    let lanes = geometry.lanes
    let area = geometry.problem.kernel.area
    var starts: [Int] = []
    var count = 0
    for panel in panels.panels {
      starts.append(count)
      count += panel.runs * area * geometry.run * panel.vectors * lanes
    }
    self.starts = starts
    filter = try AlignedBuffer(count: count)
    bias = try AlignedBuffer(count: geometry.problem.outChannels + lanes - 1)
    for (panel, start) in zip(panels.panels, starts) {
      Self.pack(panel, plan, weights, filter.pointer + start)
    }
    for (channel, value) in weights.bias.enumerated() { bias.pointer[channel] = value }
  }

  /// Packs one panel into zeroed memory.
  private static func pack(
    _ panel: DirectPanels.Panel, _ plan: DirectPlan, _ weights: Weights,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let geometry = plan.geometry
    let problem = geometry.problem
    let area = problem.kernel.area
    let width = panel.vectors * geometry.lanes
    let perGroup = problem.inChannelsPerGroup
    weights.filter.withUnsafeBufferPointer { filter in
      for (lane, output) in panel.outputChannels.enumerated() {
        for channel in panel.inputChannels {
          let (run, place) = geometry.place(of: channel, from: panel.inputChannels.lowerBound)
          for tap in 0..<area {
            let position = plan.position(run: run, of: panel.runs, tap: tap)
            target[(position * geometry.run + place) * width + lane] =
              filter[(output * perGroup + channel % perGroup) * area + tap]
          }
        }
      }
    }
  }
}
