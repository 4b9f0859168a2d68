// SPDX-License-Identifier: Apache-2.0

public import Convolution
internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline

extension KernelCatalog {
  /// The microkernels compiled for `instructionSet`.
  static func entries(_ instructionSet: InstructionSet) -> [KernelEntry] {
    var entries: [KernelEntry] = []
    switch instructionSet {
    case .baseline: KernelsBaseline.KernelRegistry.forEach { entries.append($0) }
    case .avx2: KernelsAVX2.KernelRegistry.forEach { entries.append($0) }
    case .avx512: KernelsAVX512.KernelRegistry.forEach { entries.append($0) }
    }
    return entries
  }

  /// The loops that measure the machine's limits, for `instructionSets`.
  public static func limitKernels(for instructionSets: [InstructionSet]) -> [KernelEntry] {
    let families: Set<KernelFamily> = [.peakFMA, .streamRead, .streamWrite, .streamTriad]
    return instructionSets.flatMap(entries).filter { families.contains($0.family) }
  }

  /// The FMA loop of the widest instruction set that this CPU has: the machine's pace.
  public static var widestPeakKernel: KernelEntry? {
    limitKernels(for: InstructionSet.available).filter { $0.family == .peakFMA }
      .max { $0.instructionSet < $1.instructionSet }
  }
}
