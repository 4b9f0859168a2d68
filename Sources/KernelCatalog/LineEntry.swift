// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline

/// A depthwise microkernel as the catalog knows it.
struct LineEntry: Sendable {
  /// What it is specialised for.
  let form: LineForm
  /// The instruction set it is compiled for.
  let instructionSet: InstructionSet
  /// Executes tasks; the contract of `KernelEntry.Run`.
  let run: KernelEntry.Run

  /// The depthwise microkernels compiled for `instructionSet`.
  static func entries(_ instructionSet: InstructionSet) -> [LineEntry] {
    var entries: [LineEntry] = []
    let visit = { (form: LineForm, run: @escaping KernelEntry.Run) in
      entries.append(LineEntry(form: form, instructionSet: instructionSet, run: run))
    }
    switch instructionSet {
    case .baseline: KernelsBaseline.KernelRegistry.forEachLineKernel(visit)
    case .avx2: KernelsAVX2.KernelRegistry.forEachLineKernel(visit)
    case .avx512: KernelsAVX512.KernelRegistry.forEachLineKernel(visit)
    }
    return entries
  }
}
