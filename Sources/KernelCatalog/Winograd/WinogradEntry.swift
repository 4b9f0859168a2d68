// SPDX-License-Identifier: Apache-2.0

internal import Convolution

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
    instructionSet.kernels.forEachWinograd { form, run, transform, multiply in
      entries.append(
        WinogradEntry(
          form: form, instructionSet: instructionSet, run: run, transform: transform,
          multiply: multiply))
    }
    return entries
  }
}
