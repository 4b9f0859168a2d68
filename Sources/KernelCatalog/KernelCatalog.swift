// SPDX-License-Identifier: Apache-2.0

internal import CPlatform
public import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline
internal import Peers

/// The variants that this CPU can run.
public struct KernelCatalog: Sendable {
  /// Every variant, ours first, in a stable order.
  public let variants: [any ConvolutionVariant]

  /// The variants for `instructionSets`; by default all that this CPU has.
  /// - Requires: instruction sets that `InstructionSet.available` lists.
  public init(instructionSets: [InstructionSet] = InstructionSet.available) {
    let ours = instructionSets.sorted(by: >).flatMap { instructionSet in
      DepthwiseVariant.variants(instructionSet)
    }
    variants = ours + PeerCatalog.variants
  }

  /// The libraries that this build measures in process, with their versions.
  public static var libraries: [String: String] { PeerCatalog.libraries }
}
