// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// Clock cycles that the cost model predicts for `variant`, were all its data near.
  /// - Returns: nil for a library, and for a variant that does not support the operation.
  public static func predictedCycles(
    of variant: any ConvolutionVariant, for operation: ConvolutionOperation, workers: Int
  ) -> Double? {
    guard variant.isOurs, variant.support(operation, workers: workers) == .supported
    else { return nil }
    let cycles = variant.predictedCycles(operation, workers: workers)
    return cycles > 0 && cycles.isFinite ? cycles : nil
  }
}
