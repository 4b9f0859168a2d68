// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// The variants of a chain that should be fastest together, and why each; nil where an operation
  /// has none.
  ///
  /// Two neighbours of different layouts need a reorder between them, whose cost is added: the
  /// cheapest path through all variants of all steps, found step by step.
  /// - Parameters:
  ///   - operations: what is to be computed, in order; at least one.
  ///   - workers: how many workers compute it.
  ///   - accuracy: `exact` admits only variants that sum the products themselves; `fast` those
  ///     whose expected error stays within `AccuracyClass.largestFastError`.
  /// - Returns: a variant and a reason per operation.
  public func best(
    forChain operations: [ConvolutionOperation], workers: Int, accuracy: AccuracyClass = .exact
  ) -> [(variant: any ConvolutionVariant, reason: String)]? {
    var paths: [Path] = []
    for (step, operation) in operations.enumerated() {
      let candidates = candidates(for: operation, workers: workers, accuracy: accuracy)
      guard !candidates.isEmpty else { return nil }
      let reorder = Self.reorderCycles(operation, workers: workers)
      paths = candidates.compactMap { candidate -> Path? in
        guard step > 0 else { return Path(candidate, candidates.count) }
        return paths.map { path in
          path.extended(
            by: candidate, candidates.count,
            reorder: path.outputLayout == candidate.layouts.input ? 0 : reorder)
        }.min { $0.cycles < $1.cycles }
      }
    }
    let suffix = operations.count > 1 ? "variants along the chain" : "variants"
    return paths.min { $0.cycles < $1.cycles }?.candidates.map { candidate, rivals in
      let cycles = Self.rounded(candidate.cycles)
      return (candidate.variant, "predicted \(cycles) cycles, the least of \(rivals) \(suffix)")
    }
  }

  /// Cycles for each element that a reorder copies: a strided read and write.
  private static let reorderCyclesPerElement = 2.0

  private static func reorderCycles(_ operation: ConvolutionOperation, workers: Int) -> Double {
    reorderCyclesPerElement * Double(operation.problem.inputShape.count) / Double(workers)
  }
}

/// A choice of variants for the first steps of a chain.
private struct Path {
  /// A variant of each step, and how many support it.
  var candidates: [(VariantCandidate, rivals: Int)]
  var cycles: Double
  var outputLayout: Layout

  init(_ first: VariantCandidate, _ rivals: Int) {
    candidates = [(first, rivals)]
    cycles = first.cycles
    outputLayout = first.layouts.output
  }

  func extended(by candidate: VariantCandidate, _ rivals: Int, reorder: Double) -> Path {
    var path = self
    path.candidates.append((candidate, rivals))
    path.cycles += reorder + candidate.cycles
    path.outputLayout = candidate.layouts.output
    return path
  }
}
