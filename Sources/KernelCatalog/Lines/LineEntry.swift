// SPDX-License-Identifier: Apache-2.0

internal import Convolution

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
    instructionSet.kernels.forEachLineKernel { form, run in
      entries.append(LineEntry(form: form, instructionSet: instructionSet, run: run))
    }
    return entries
  }
}
