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
    var best: (variant: any PredictedVariant, cycles: Double)?
    var candidates = 0
    for variant in variants {
      guard let variant = variant as? any PredictedVariant,
        accuracy == .fast || variant.identity.accuracy == .exact,
        variant.support(operation, workers: workers) == .supported
      else { continue }
      candidates += 1
      let cycles = variant.predictedCycles(operation, workers: workers)
      if cycles < best?.cycles ?? .infinity { best = (variant, cycles) }
    }
    return best.map {
      (
        $0.variant,
        "predicted \(Self.rounded($0.cycles)) cycles, the least of \(candidates) variants"
      )
    }
  }

  /// Three digits say enough about a prediction.
  private static func rounded(_ cycles: Double) -> Int {
    var unit = 1
    while cycles / Double(unit) >= 1000 { unit *= 10 }
    return Int((cycles / Double(unit)).rounded()) * unit
  }
}
