// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// What measuring found fastest for an operation, and how that reads; nil where it has not been
  /// measured.
  public typealias Tuned = (_ operation: ConvolutionOperation, _ workers: Int) -> (
    kernel: String, reason: String
  )?

  /// The variants of a chain that should be fastest together: as measured where every step has been
  /// and neighbours share a layout, otherwise as predicted.
  ///
  /// Measured times and predicted cycles are never added up, so a chain is chosen by one of them.
  /// - Parameters:
  ///   - operations: what is to be computed, in order; at least one.
  ///   - workers: how many workers compute it.
  ///   - accuracy: `exact` admits only variants that sum the products themselves.
  ///   - tuned: what has been measured. A variant that this catalog does not have counts as none.
  /// - Returns: a variant and a reason per operation; nil where an operation has none.
  public func best(
    forChain operations: [ConvolutionOperation], workers: Int, accuracy: AccuracyClass = .exact,
    tuned: Tuned
  ) -> [(variant: any ConvolutionVariant, reason: String)]? {
    let measured = operations.compactMap { operation in
      tuned(operation, workers).flatMap { choice in
        variant(choice.kernel, operation, workers: workers, accuracy: accuracy)
          .map { (variant: $0, reason: choice.reason) }
      }
    }
    guard measured.count == operations.count, connects(operations, measured.map(\.variant)) else {
      return best(forChain: operations, workers: workers, accuracy: accuracy)
    }
    return measured
  }

  /// The variants of ours worth measuring for `operation`, the best prediction first.
  /// - Parameters:
  ///   - operation: what is to be computed.
  ///   - workers: how many workers compute it.
  ///   - accuracy: `exact` admits only variants that sum the products themselves.
  ///   - factor: variants predicted to take longer than this times the best are left out.
  /// - Returns: the variants, at least one where any variant of ours supports the operation.
  public func rivals(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass = .exact,
    within factor: Double
  ) -> [any ConvolutionVariant] {
    let predicted = candidates(for: operation, workers: workers, accuracy: accuracy)
    let least = predicted.first?.cycles ?? 0
    return predicted.filter { $0.cycles <= factor * least }.map(\.variant)
  }

  /// Clock cycles that the variant named `id` is predicted to take for a worker's share; nil where
  /// nothing is predicted of it.
  public func predictedCycles(
    _ id: String, _ operation: ConvolutionOperation, workers: Int
  ) -> Double? {
    variants.first { $0.identity.id == id && $0.isOurs }?
      .predictedCycles(operation, workers: workers)
  }

  private func variant(
    _ id: String, _ operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass
  ) -> (any ConvolutionVariant)? {
    variants.first {
      $0.identity.id == id && (accuracy == .fast || $0.identity.accuracy == .exact)
        && $0.support(operation, workers: workers) == .supported
    }
  }

  private func connects(
    _ operations: [ConvolutionOperation], _ variants: [any ConvolutionVariant]
  ) -> Bool {
    let layouts = zip(operations, variants).map { $1.layouts($0) }
    return zip(layouts, layouts.dropFirst()).allSatisfy { $0.output == $1.input }
  }
}
