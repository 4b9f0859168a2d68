// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// What is done with a variant of ours, of whichever type.
protocol VariantVisitor {
  mutating func visit(_ variant: some ConvolutionVariant<MemoryError>)
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
    for variant in LineVariant.variants(.depthwise, self) { visitor.visit(variant) }
    for variant in HaloVariant.variants(self) { visitor.visit(variant) }
    visitor.visit(DepthwisePlainVariant(self))
    for variant in LineVariant.variants(.grouped, self) { visitor.visit(variant) }
    for variant in WinogradVariant.variants(self) { visitor.visit(variant) }
    visitor.visit(WinogradDepthwiseVariant(self))
  }
}
