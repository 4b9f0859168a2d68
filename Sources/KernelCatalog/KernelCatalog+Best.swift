// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// The variant that should be fastest, chosen from shapes alone, and why; nil where none fits.
  /// - Parameters:
  ///   - operation: What is to be computed.
  ///   - workers: With how many workers.
  ///   - accuracy: `exact` admits only variants that sum products; `fast` admits all.
  /// - Returns: the variant and the reason, as the CSV shows it.
  public func best(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass = .exact
  ) -> (variant: any ConvolutionVariant, reason: String)? {
    let fitting = variants.first { variant in
      (accuracy == .fast || variant.identity.accuracy == .exact)
        && variant.support(operation, workers: workers) == .supported
    }
    return fitting.map { ($0, "the first of the catalog that supports it") }
  }
}
