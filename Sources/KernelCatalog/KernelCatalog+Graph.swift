// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// A variant that could compute an operation, and what it is predicted to take.
public struct VariantCandidate {
  /// The variant.
  public var variant: any ConvolutionVariant
  /// The layouts that it reads and writes.
  public var layouts: (input: Layout, output: Layout)
  /// Clock cycles of one worker for its share.
  public var cycles: Double
}

extension KernelCatalog {
  /// The widest instruction set that any variant of ours is compiled for.
  public var widestInstructionSet: InstructionSet {
    variants.compactMap(\.identity.instructionSet).max() ?? .baseline
  }

  /// The variants of ours that sum products and support `operation`, the fastest by prediction
  /// first.
  public func candidates(
    for operation: ConvolutionOperation, workers: Int
  ) -> [VariantCandidate] {
    variants.compactMap { variant -> VariantCandidate? in
      guard let variant = variant as? any PredictedVariant, variant.identity.accuracy == .exact,
        variant.support(operation, workers: workers) == .supported
      else { return nil }
      return VariantCandidate(
        variant: variant, layouts: variant.layouts(operation),
        cycles: variant.predictedCycles(operation, workers: workers))
    }.sorted { $0.cycles < $1.cycles }
  }
}
