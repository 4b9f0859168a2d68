// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import Peers

/// The variants that this CPU can run.
public struct KernelCatalog: Sendable {
  /// Every variant, ours first, in a stable order.
  public let variants: [any ConvolutionVariant]

  /// The variants for `instructionSets`; by default all that this CPU has.
  /// - Requires: instruction sets that `InstructionSet.available` lists.
  public init(instructionSets: [InstructionSet] = InstructionSet.available) {
    var ours = Ours()
    for instructionSet in instructionSets.sorted(by: >) { instructionSet.visitVariants(&ours) }
    variants = ours.variants + PeerCatalog.variants
  }

  private struct Ours: VariantVisitor {
    var variants: [any ConvolutionVariant] = []
    mutating func visit(_ variant: some PredictedVariant) { variants.append(variant) }
  }

  /// The libraries that this build measures in process, with their versions.
  public static var libraries: [String: String] { PeerCatalog.libraries }
}
