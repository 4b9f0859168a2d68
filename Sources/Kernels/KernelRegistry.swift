// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Every microkernel of this module, one line each.
public enum KernelRegistry {
  /// Visits the entries.
  ///
  /// A visitor and not an array: these modules must not instantiate
  /// standard-library generics, whose weak symbols the linker would share across instruction sets.
  public static func forEach(_ visit: (KernelEntry) -> Void) {
    visit(limit(.peakFMA, LimitKernels.peakFMA))
    visit(limit(.streamRead, LimitKernels.read))
    visit(limit(.streamWrite, LimitKernels.write))
    visit(limit(.streamTriad, LimitKernels.triad))
  }

  @inline(__always)
  private static func limit(_ family: KernelFamily, _ run: @escaping KernelEntry.Run) -> KernelEntry
  {
    KernelEntry(
      family: family, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), run: run)
  }
}
