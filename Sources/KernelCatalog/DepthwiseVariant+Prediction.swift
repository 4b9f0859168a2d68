// SPDX-License-Identifier: Apache-2.0

internal import Convolution

extension DepthwiseVariant: PredictedVariant {
  /// The tiling's cycles per line and tap across, times the lines and taps inside the image.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    let geometry = DepthwiseGeometry(operation.problem, layout: layout, lanes: lanes)
    let taps = (0..<geometry.across.outputs).reduce(0) {
      $0 + geometry.across.tapsInside($1).count
    }
    let planes = operation.problem.batch * geometry.planes.count
    return tiling(geometry).cycles * Double(taps * planes) / Double(workers)
  }
}
