// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline

/// The microkernels that sample, compiled for one instruction set.
struct DeformableEntry: Sendable {
  /// Samples the pixels of a strip.
  let sample: KernelEntry.Run
  /// Copies the results of a strip to the output.
  let copyResults: KernelEntry.Run

  /// The microkernels for `instructionSet`.
  init(_ instructionSet: InstructionSet) {
    switch instructionSet {
    case .baseline:
      sample = KernelsBaseline.KernelRegistry.deformableSampling
      copyResults = KernelsBaseline.KernelRegistry.deformableResults
    case .avx2:
      sample = KernelsAVX2.KernelRegistry.deformableSampling
      copyResults = KernelsAVX2.KernelRegistry.deformableResults
    case .avx512:
      sample = KernelsAVX512.KernelRegistry.deformableSampling
      copyResults = KernelsAVX512.KernelRegistry.deformableResults
    }
  }
}
