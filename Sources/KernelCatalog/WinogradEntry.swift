// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline

/// A Winograd microkernel as the catalog knows it.
struct WinogradEntry: Sendable {
  /// What it is specialised for.
  let form: WinogradForm
  /// The instruction set it is compiled for.
  let instructionSet: InstructionSet
  /// Takes blocks of tiles from input to output; the contract of `KernelEntry.Run`.
  let run: KernelEntry.Run
  /// Transforms the input of blocks of tiles.
  let transform: KernelEntry.Run
  /// Computes blocks of output channels of blocks of transformed tiles.
  let multiply: KernelEntry.Run

  /// The Winograd microkernels compiled for `instructionSet`.
  static func entries(_ instructionSet: InstructionSet) -> [WinogradEntry] {
    var entries: [WinogradEntry] = []
    let visit = {
      (
        form: WinogradForm, run: @escaping KernelEntry.Run, transform: @escaping KernelEntry.Run,
        multiply: @escaping KernelEntry.Run
      ) in
      entries.append(
        WinogradEntry(
          form: form, instructionSet: instructionSet, run: run, transform: transform,
          multiply: multiply))
    }
    switch instructionSet {
    case .baseline: KernelsBaseline.KernelRegistry.forEachWinograd(visit)
    case .avx2: KernelsAVX2.KernelRegistry.forEachWinograd(visit)
    case .avx512: KernelsAVX512.KernelRegistry.forEachWinograd(visit)
    }
    return entries
  }
}
