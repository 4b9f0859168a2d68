// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Peers

/// The variants that this CPU can run.
public struct KernelCatalog: Sendable {
  /// Every variant of single convolutions, ours first, in a stable order.
  public let variants: [any ConvolutionVariant]
  /// What computes other fragments of graphs, of several convolutions or none, in a stable order.
  public let parts: [any Implementation]
  /// All that computes fragments of graphs.
  public var implementations: [any Implementation] {
    (variants as [any Implementation]) + parts
  }

  /// The variants for `instructionSets`; by default all that this CPU has.
  /// - Requires: instruction sets that `InstructionSet.available` lists.
  public init(instructionSets: [InstructionSet] = InstructionSet.available) {
    var ours = Ours()
    var parts: [any Implementation] = []
    for instructionSet in instructionSets.sorted(by: >) {
      instructionSet.visitVariants(&ours)
      guard instructionSet.dataTypes.contains(.f32) else { continue }
      for layout in [.channelBlocked(lanes: instructionSet.lanes), .nhwc] as [Layout] {
        parts.append(SeparableVariant(instructionSet, layout: layout))
      }
      parts.append(DeformableVariant(instructionSet))
      for variant in NodeVariant.variants(instructionSet) { parts.append(variant) }
    }
    variants = ours.variants + PeerCatalog.variants
    self.parts = parts
  }

  private struct Ours: VariantVisitor {
    var variants: [any ConvolutionVariant] = []
    mutating func visit(_ variant: some ConvolutionVariant<MemoryError>) {
      variants.append(variant)
    }
  }

  /// The libraries that this build measures in process, with their versions.
  public static var libraries: [String: String] { PeerCatalog.libraries }
}
