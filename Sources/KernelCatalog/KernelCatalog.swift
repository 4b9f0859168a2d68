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
    let ours = instructionSets.sorted(by: >).flatMap { instructionSet in
      Self.entries(instructionSet).flatMap(Self.variants)
        + DepthwiseVariant.variants(instructionSet)
        + GroupedVariant.variants(instructionSet)
        + WinogradVariant.variants(instructionSet)
    }
    variants = ours + PeerCatalog.variants
  }

  /// What a microkernel is offered as: one variant per layout that it serves.
  private static func variants(_ entry: KernelEntry) -> [any ConvolutionVariant] {
    switch entry.family {
    case .direct: DirectVariant.variants(entry) + [PointwiseVariant(entry)]
    default: []
    }
  }

  /// The libraries that this build measures in process, with their versions.
  public static var libraries: [String: String] { PeerCatalog.libraries }
}
