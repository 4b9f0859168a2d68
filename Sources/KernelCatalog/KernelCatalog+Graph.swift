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
  /// The widest instruction set for which any variant of ours computes 32-bit floats.
  public var widestInstructionSet: InstructionSet {
    variants.filter { $0.identity.dataType == .f32 }.compactMap(\.identity.instructionSet).max()
      ?? .baseline
  }

  /// The variants of ours that support `operation`, the fastest by prediction first.
  ///
  /// `exact` admits only variants that sum the products themselves; `fast` those whose expected error
  /// stays within `AccuracyClass.largestFastError`.
  public func candidates(
    for operation: ConvolutionOperation, workers: Int, accuracy: AccuracyClass = .exact
  ) -> [VariantCandidate] {
    variants.compactMap { variant -> VariantCandidate? in
      guard variant.isOurs, accuracy == .fast || variant.identity.accuracy == .exact,
        variant.support(operation, workers: workers) == .supported,
        variant.expectedRelativeError(operation) <= AccuracyClass.largestFastError
      else { return nil }
      return VariantCandidate(
        variant: variant, layouts: variant.layouts(operation),
        cycles: variant.predictedCycles(operation, workers: workers))
    }.sorted { $0.cycles < $1.cycles }
  }
}
