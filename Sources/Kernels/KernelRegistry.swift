// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Every microkernel of this module, one line each.
public enum KernelRegistry {
  /// Visits the entries.
  ///
  /// A visitor and not an array: these modules must not instantiate
  /// standard-library generics, whose weak symbols the linker would share across instruction sets.
  public static func forEach(_ visit: (KernelEntry) -> Void) {
    #if KERNELS_AVX512BF16
      visit(
        limit(.peakFMA, .bf16) { LimitKernels.peakProducts(BF16Arithmetic.self, $0, $1, $2, $3) })
    #else
      visit(limit(.peakFMA, .f32, LimitKernels.peakFMA))
      visit(limit(.streamRead, .f32, LimitKernels.read))
      visit(limit(.streamWrite, .f32, LimitKernels.write))
      visit(limit(.streamTriad, .f32, LimitKernels.triad))
      visit(planes())
      forEachTile { visit(direct($0, .f32, DirectKernel<FloatArithmetic>.run)) }
    #endif
    #if KERNELS_AVX2 || KERNELS_AVX512BF16
      visit(
        limit(.peakFMA, .u8s8) { LimitKernels.peakProducts(U8S8Arithmetic.self, $0, $1, $2, $3) })
      forEachTile { visit(direct($0, .bf16, DirectKernel<BF16Arithmetic>.run)) }
      forEachTile { visit(direct($0, .u8s8, DirectKernel<U8S8Arithmetic>.run)) }
    #endif
  }

  /// The largest tiles of a panel, by which variants are named.
  @inline(__always)
  private static func forEachTile(_ visit: (RegisterBlock) -> Void) {
    #if KERNELS_AVX512
      visit(RegisterBlock(pixels: 14, vectors: 2))  // 28 sums of 32 registers
      visit(RegisterBlock(pixels: 7, vectors: 4))  // 28 sums, 2 vectors of weights and 2 in memory
    #elseif KERNELS_NEON
      visit(RegisterBlock(pixels: 8, vectors: 3))  // 24 sums of 32 registers
      visit(RegisterBlock(pixels: 6, vectors: 4))  // 24 sums, 4 vectors of weights
    #elseif KERNELS_AVX2
      visit(RegisterBlock(pixels: 6, vectors: 2))  // 12 sums of 16 registers
      visit(RegisterBlock(pixels: 4, vectors: 3))  // 12 sums, 3 vectors of weights
    #else
      visit(RegisterBlock(pixels: 6, vectors: 2))  // 12 sums of 16 registers
    #endif
  }

  @inline(__always)
  private static func limit(
    _ family: KernelFamily, _ dataType: DataType, _ run: @escaping KernelEntry.Run
  ) -> KernelEntry {
    KernelEntry(
      family: family, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), dataType: dataType, run: run)
  }

  @inline(__always)
  private static func direct(
    _ block: RegisterBlock, _ dataType: DataType, _ run: @escaping KernelEntry.Run
  ) -> KernelEntry {
    KernelEntry(
      family: .direct, instructionSet: instructionSet, registerBlock: block, dataType: dataType,
      run: run)
  }

  /// Tiles of every size that fits the registers; the planner takes what suits the problem.
  @inline(__always)
  private static func planes() -> KernelEntry {
    KernelEntry(
      family: .planes, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: 1, vectors: 1), dataType: .f32, run: PlaneKernel.run)
  }
}
