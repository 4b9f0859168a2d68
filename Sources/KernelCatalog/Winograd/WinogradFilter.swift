// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The filter of a Winograd convolution, transformed in Double and packed, and its bias.
struct WinogradFilter {
  /// `[output block][point][panel][channel][2 vectors][lane]`.
  let filter: AlignedBuffer
  /// `[vector][lane]`.
  let bias: AlignedBuffer

  /// Transforms and packs `weights`.
  /// - Throws: `MemoryError` where there is not enough memory.
  init(
    _ operation: ConvolutionOperation, _ weights: Weights, _ matrices: WinogradMatrices,
    panelsPerBlock: Int, lanes: Int
  ) throws(MemoryError) {
    let problem = operation.problem
    let (channels, width) = (problem.inChannels, 2 * lanes)
    let points = matrices.form.points * matrices.form.points
    let panels = (problem.outChannels + width - 1) / width
    filter = try AlignedBuffer(count: panels * points * channels * width)
    bias = try AlignedBuffer(weights.bias, count: panels * width)
    var transformed = [Double](repeating: 0, count: points)
    for output in 0..<problem.outChannels {
      let panel = output / width
      let first = panel / panelsPerBlock * panelsPerBlock
      let blockPanels = min(panelsPerBlock, panels - first)
      for channel in 0..<channels {
        let taps = (output * channels + channel) * problem.kernel.area
        Self.transform(weights.filter, from: taps, matrices, into: &transformed)
        for (point, value) in transformed.enumerated() {
          let row = first * points + point * blockPanels + panel - first
          filter.floats[(row * channels + channel) * width + output % width] = TensorValue(value)
        }
      }
    }
  }

  /// `G·g·Gᵀ` of the taps that start at `start`.
  static func transform(
    _ taps: TensorValues, from start: Int, _ matrices: WinogradMatrices, into result: inout [Double]
  ) {
    let size = matrices.form.taps
    for (row, left) in matrices.filter.enumerated() {
      for (column, right) in matrices.filter.enumerated() {
        var sum = 0.0
        for i in 0..<size {
          var inner = 0.0
          for j in 0..<size { inner += right[j] * Double(taps[start + i * size + j]) }
          sum += left[i] * inner
        }
        result[row * matrices.form.points + column] = sum
      }
    }
  }
}
