// SPDX-License-Identifier: Apache-2.0

public import Convolution

extension KernelCatalog {
  /// The microkernels compiled for `instructionSet` that compute `type`.
  static func entries(
    _ instructionSet: InstructionSet, of type: DataType = .f32
  ) -> [KernelEntry] {
    var entries: [KernelEntry] = []
    if type != .f32 {
      instructionSet.forEachNarrowKernel { entry in
        if entry.dataType == type.arithmetic { entries.append(entry) }
      }
    } else if instructionSet.dataTypes.contains(.f32) {
      instructionSet.kernels.forEach { entries.append($0) }
    }
    return entries
  }

  /// The microkernel of `family` for what stands between convolutions, in `instructionSet`.
  /// - Requires: a family that `KernelRegistry.forEachGraphKernel` lists.
  public static func graphKernel(
    _ family: KernelFamily, _ instructionSet: InstructionSet
  ) -> KernelEntry {
    var found: KernelEntry?
    instructionSet.kernels.forEachGraphKernel { entry in
      if entry.family == family { found = entry }
    }
    guard let found else { preconditionFailure("\(family) is no kernel between convolutions") }
    return found
  }

  /// The loops that measure the machine's limits, for `instructionSets`.
  public static func limitKernels(for instructionSets: [InstructionSet]) -> [KernelEntry] {
    let families: Set<KernelFamily> = [.peakFMA, .streamRead, .streamWrite, .streamTriad]
    return instructionSets.flatMap { set in
      set.dataTypes.flatMap { entries(set, of: $0) }.filter { families.contains($0.family) }
    }
  }

  /// The FMA loop of the widest instruction set that this CPU has: the machine's pace.
  public static var widestPeakKernel: KernelEntry? {
    limitKernels(for: InstructionSet.available(for: .f32)).filter { $0.family == .peakFMA }
      .max { $0.instructionSet < $1.instructionSet }
  }
}
