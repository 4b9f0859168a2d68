// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The filter and bias of a direct convolution in the order in which the kernels read them.
struct DirectPacking {
  /// `[panel][run][Kh][Kw][channel of run][vector][lane]`.
  let filter: AlignedBuffer
  /// `[panel][vector][lane]`.
  let bias: AlignedBuffer
  /// Where each panel starts in `filter`.
  let offsets: [Int]

  /// Packs `weights`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ geometry: DirectGeometry, _ panels: DirectPanels, _ operation: ConvolutionOperation,
    _ weights: Weights
  ) throws(MemoryError) {
    let lanes = geometry.lanes
    let area = geometry.problem.kernel.area
    var offsets: [Int] = []
    var count = 0
    for panel in panels.panels {
      offsets.append(count)
      count += panel.runs * area * geometry.run * panel.vectors.count * lanes
    }
    self.offsets = offsets
    filter = try AlignedBuffer(count: count)
    bias = try AlignedBuffer(count: (panels.panels.last?.vectors.upperBound ?? 0) * lanes)
    for (panel, offset) in zip(panels.panels, offsets) {
      Self.pack(panel, geometry, weights, filter.pointer + offset)
    }
    for (channel, value) in weights.bias.enumerated() { bias.pointer[channel] = value }
  }

  /// Packs one panel into zeroed memory.
  private static func pack(
    _ panel: DirectPanels.Panel, _ geometry: DirectGeometry, _ weights: Weights,
    _ target: UnsafeMutablePointer<Float>
  ) {
    let problem = geometry.problem
    let area = problem.kernel.area
    let width = panel.vectors.count * geometry.lanes
    let firstOutput = panel.vectors.lowerBound * geometry.lanes
    let perGroup = problem.inChannelsPerGroup
    weights.filter.withUnsafeBufferPointer { filter in
      for output in firstOutput..<min(firstOutput + width, problem.outChannels) {
        let firstInput = output / problem.outChannelsPerGroup * perGroup
        for channel in 0..<perGroup {
          let (run, place) = (firstInput + channel - panel.inputChannels.lowerBound)
            .quotientAndRemainder(dividingBy: geometry.run)
          for tap in 0..<area {
            target[((run * area + tap) * geometry.run + place) * width + output - firstOutput] =
              filter[(output * perGroup + channel) * area + tap]
          }
        }
      }
    }
  }
}
