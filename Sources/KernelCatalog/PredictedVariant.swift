// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A variant whose time follows from the shapes, well enough to choose between variants.
protocol PredictedVariant: ConvolutionVariant {
  /// Clock cycles of one worker for its share, were all its data near.
  /// - Requires: `support(operation, workers:) == .supported`.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double

  /// The root mean square of the error over that of the output that random data lead to, or 0 for
  /// variants that sum the products themselves.
  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double
}

extension PredictedVariant {
  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double { 0 }
}
