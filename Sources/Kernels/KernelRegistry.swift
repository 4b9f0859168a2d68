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
    visit(planes())
    #if KERNELS_AVX512
      visit(direct(pixels: 14, vectors: 2))  // 28 sums of 32 registers
      visit(direct(pixels: 7, vectors: 4))  // 28 sums, 3 vectors of weights and one in memory
    #elseif KERNELS_NEON
      visit(direct(pixels: 8, vectors: 3))  // 24 sums of 32 registers
      visit(direct(pixels: 6, vectors: 4))  // 24 sums, 4 vectors of weights
    #elseif KERNELS_AVX2
      visit(direct(pixels: 6, vectors: 2))  // 12 sums of 16 registers
      visit(direct(pixels: 4, vectors: 3))  // 12 sums, 3 vectors of weights
    #else
      visit(direct(pixels: 6, vectors: 2))  // 12 sums of 16 registers
    #endif
  }

  @inline(__always)
  private static func limit(_ family: KernelFamily, _ run: @escaping KernelEntry.Run) -> KernelEntry
  {
    KernelEntry(
      family: family, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), run: run)
  }

  @inline(__always)
  private static func direct(pixels: Int, vectors: Int) -> KernelEntry {
    KernelEntry(
      family: .direct, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: pixels, vectors: vectors), run: DirectKernel.run)
  }

  /// Tiles of every size that fits the registers; the planner takes what suits the problem.
  @inline(__always)
  private static func planes() -> KernelEntry {
    KernelEntry(
      family: .planes, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), run: PlaneKernel.run)
  }
}
