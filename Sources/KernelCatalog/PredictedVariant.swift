// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A variant whose time follows from the shapes, well enough to choose between variants.
protocol PredictedVariant: ConvolutionVariant {
  /// Clock cycles of one worker for its share, were all its data near.
  /// - Requires: `support(operation, workers:) == .supported`.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double
}
