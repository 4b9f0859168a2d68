// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// The microkernels that sample, compiled for one instruction set.
struct DeformableEntry: Sendable {
  /// Samples the pixels of a strip.
  let sample: KernelEntry.Run
  /// Copies the results of a strip to the output.
  let copyResults: KernelEntry.Run

  /// The microkernels for `instructionSet`.
  init(_ instructionSet: InstructionSet) {
    let kernels = instructionSet.kernels
    sample = kernels.deformableSampling
    copyResults = kernels.deformableResults
  }
}
