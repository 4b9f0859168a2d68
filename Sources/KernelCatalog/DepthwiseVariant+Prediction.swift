// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension DepthwiseVariant: PredictedVariant {
  /// The tiling's cycles per line and tap across, times the lines and taps inside the image.
  ///
  /// In NHWC a vector is a part of a cache line, and its neighbour along the row lies on another:
  /// 128 channels of 56x56 took 2.4 times as long as channel-blocked, on Zen 3. Counted twice.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let geometry = DepthwiseGeometry(operation.problem, layout: layout, lanes: lanes)
    let taps = (0..<geometry.across.outputs).reduce(0) {
      $0 + geometry.across.tapsInside($1).count
    }
    let planes = operation.problem.batch * geometry.planes.count
    let visits = layout == .nhwc ? 2.0 : 1
    return visits * tiling(geometry).cycles * Double(taps * planes) / Double(workers)
  }
}
