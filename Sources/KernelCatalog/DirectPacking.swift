// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The filter and bias of a direct convolution in the order in which the kernels read them.
struct DirectPacking {
  /// `[panel][block][Kh][Kw][run][channel of run][vector][lane]`; where the taps of a row join,
  /// `[Kw]` and `[run]` change places.
  let filter: AlignedBuffer
  /// `[panel][vector][lane]`.
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
      count += panel.runs * area * geometry.run * panel.vectors.count * lanes
    }
    self.starts = starts
    filter = try AlignedBuffer(count: count)
    bias = try AlignedBuffer(count: (panels.panels.last?.vectors.upperBound ?? 0) * lanes)
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
    let width = panel.vectors.count * geometry.lanes
    let firstOutput = panel.vectors.lowerBound * geometry.lanes
    let perGroup = problem.inChannelsPerGroup
    weights.filter.withUnsafeBufferPointer { filter in
      for output in firstOutput..<min(firstOutput + width, problem.outChannels) {
        let firstInput = output / problem.outChannelsPerGroup * perGroup
        for channel in 0..<perGroup {
          let (run, place) = geometry.place(
            of: firstInput + channel, from: panel.inputChannels.lowerBound)
          for tap in 0..<area {
            let position = plan.position(run: run, of: panel.runs, tap: tap)
            target[(position * geometry.run + place) * width + output - firstOutput] =
              filter[(output * perGroup + channel) * area + tap]
          }
        }
      }
    }
  }
}
