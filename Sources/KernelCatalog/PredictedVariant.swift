// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// A variant whose time follows from the shapes, well enough to choose between variants.
protocol PredictedVariant: ConvolutionVariant where Failure == MemoryError {
  /// Clock cycles of one worker for its share, were all its data near.
  /// - Requires: `support(operation, workers:) == .supported`.
  func predictedCycles(_ operation: ConvolutionOperation, workers: Int) -> Double

  /// The root mean square of the error over that of the output that random data lead to, or 0 for
  /// variants that sum the products themselves.
  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double
}

/// What is done with a variant of ours, of whichever type.
protocol VariantVisitor {
  mutating func visit(_ variant: some PredictedVariant)
}

extension InstructionSet {
  /// Shows every variant of ours for it, in a stable order; a visitor, for Embedded Swift has no
  /// existentials.
  func visitVariants(_ visitor: inout some VariantVisitor) {
    for type in dataTypes {
      for entry in KernelCatalog.entries(self, of: type) {
        if entry.family == .direct {
          for variant in DirectVariant.variants(entry) { visitor.visit(variant) }
          if type == .f32 { visitor.visit(PointwiseVariant(entry)) }
        } else if entry.family == .narrowStrips {
          visitor.visit(NarrowStripVariant(entry))
        }
      }
    }
    guard dataTypes.contains(.f32) else { return }
    for entry in KernelCatalog.entries(self) where entry.family == .planes {
      visitor.visit(PlaneVariant(entry))
    }
    for variant in DepthwiseVariant.variants(self) { visitor.visit(variant) }
    visitor.visit(DepthwisePlainVariant(self))
    for variant in GroupedVariant.variants(self) { visitor.visit(variant) }
    for variant in WinogradVariant.variants(self) { visitor.visit(variant) }
    visitor.visit(WinogradDepthwiseVariant(self))
  }
}

extension PredictedVariant {
  func expectedRelativeError(_ operation: ConvolutionOperation) -> Double { 0 }
}
