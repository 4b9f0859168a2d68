// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline

/// A depthwise microkernel as the catalog knows it.
struct DepthwiseEntry: Sendable {
  /// What it is specialised for.
  let form: DepthwiseForm
  /// The instruction set it is compiled for.
  let instructionSet: InstructionSet
  /// Executes tasks; the contract of `KernelEntry.Run`.
  let run: KernelEntry.Run

  /// The depthwise microkernels compiled for `instructionSet`.
  static func entries(_ instructionSet: InstructionSet) -> [DepthwiseEntry] {
    var entries: [DepthwiseEntry] = []
    let visit = { (form: DepthwiseForm, run: @escaping KernelEntry.Run) in
      entries.append(DepthwiseEntry(form: form, instructionSet: instructionSet, run: run))
    }
    switch instructionSet {
    case .baseline: KernelsBaseline.KernelRegistry.forEachDepthwise(visit)
    case .avx2: KernelsAVX2.KernelRegistry.forEachDepthwise(visit)
    case .avx512: KernelsAVX512.KernelRegistry.forEachDepthwise(visit)
    }
    return entries
  }
}
