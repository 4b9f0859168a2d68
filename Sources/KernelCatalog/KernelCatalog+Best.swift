// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// The variant that should be fastest for `operation`, from shapes alone, and why.
  ///
  /// Every variant of ours predicts its cycles; the least wins, and of equals the first in the
  /// catalog. Libraries are never chosen.
  /// - Parameters:
  ///   - operation: what is to be computed.
  ///   - workers: how many workers compute it.
  ///   - accuracy: `exact` admits only variants that sum the products themselves.
  /// - Returns: nil where no variant of the catalog's instruction sets supports the operation.
  public func best(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass = .exact
  ) -> (variant: any ConvolutionVariant, reason: String)? {
    best(forChain: [operation], workers: workers, accuracy: accuracy)?.first
  }

  /// Three digits say enough about a prediction.
  static func rounded(_ cycles: Double) -> Int {
    var unit = 1
    while cycles / Double(unit) >= 1000 { unit *= 10 }
    return Int((cycles / Double(unit)).rounded()) * unit
  }
}
