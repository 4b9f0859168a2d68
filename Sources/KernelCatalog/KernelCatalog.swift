// SPDX-License-Identifier: Apache-2.0

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
    let entries = instructionSets.sorted(by: >).flatMap(Self.entries)
    variants = entries.flatMap(Self.variants) + PeerCatalog.variants
  }

  /// The microkernels compiled for `instructionSet`.
  private static func entries(_ instructionSet: InstructionSet) -> [KernelEntry] {
    var entries: [KernelEntry] = []
    switch instructionSet {
    case .baseline: KernelsBaseline.KernelRegistry.forEach { entries.append($0) }
    case .avx2: KernelsAVX2.KernelRegistry.forEach { entries.append($0) }
    case .avx512: KernelsAVX512.KernelRegistry.forEach { entries.append($0) }
    }
    return entries
  }

  /// What a microkernel is offered as: one variant per layout that it serves.
  private static func variants(_ entry: KernelEntry) -> [any ConvolutionVariant] {
    switch entry.family {
    case .direct: DirectVariant.variants(entry)
    default: []
    }
  }

  /// The libraries that this build measures in process, with their versions.
  public static var libraries: [String: String] { PeerCatalog.libraries }
}
