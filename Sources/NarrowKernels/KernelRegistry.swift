// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// Every microkernel of this module, one line each.
public enum KernelRegistry {
  /// Visits the entries; a visitor for the reason that those of 32-bit floats have one.
  public static func forEach(_ visit: (KernelEntry) -> Void) {
    #if NARROW_AVX512BF16
      // Elsewhere bf16 are multiplied as 32-bit floats.
      visit(entry(.peakFMA, .bf16, pixels: 1, vectors: 1, PeakKernel<BF16Arithmetic>.run))
      // 16 sums, which divide more widths than 24; 24 sums.
      visit(
        entry(.narrowStrips, .bf16, pixels: 4, vectors: 2, StripKernel<4, 2, BF16Arithmetic>.run))
      visit(
        entry(.narrowStrips, .u8s8, pixels: 3, vectors: 4, StripKernel<3, 4, U8S8Arithmetic>.run))
    #elseif NARROW_NEON
      // 16 sums of 32 registers; 8 of integers, whose products need more.
      visit(
        entry(.narrowStrips, .bf16, pixels: 4, vectors: 2, StripKernel<4, 2, BF16Arithmetic>.run))
      visit(
        entry(.narrowStrips, .u8s8, pixels: 1, vectors: 4, StripKernel<1, 4, U8S8Arithmetic>.run))
    #elseif NARROW_AVX2
      // 8 sums of 16 registers.
      visit(
        entry(.narrowStrips, .bf16, pixels: 2, vectors: 2, StripKernel<2, 2, BF16Arithmetic>.run))
      visit(
        entry(.narrowStrips, .u8s8, pixels: 1, vectors: 4, StripKernel<1, 4, U8S8Arithmetic>.run))
    #endif
    visit(entry(.peakFMA, .u8s8, pixels: 1, vectors: 1, PeakKernel<U8S8Arithmetic>.run))
    visitDirect(.bf16, NarrowKernel<BF16Arithmetic>.run, visit)
    visitDirect(.u8s8, NarrowKernel<U8S8Arithmetic>.run, visit)
  }

  /// Direct convolutions by the largest tiles of a panel, by which variants are named.
  @inline(__always)
  private static func visitDirect(
    _ type: DataType, _ run: @escaping KernelEntry.Run, _ visit: (KernelEntry) -> Void
  ) {
    #if NARROW_AVX512BF16
      visit(entry(.direct, type, pixels: 10, vectors: 2, run))  // 20 sums of 32 registers
      visit(entry(.direct, type, pixels: 6, vectors: 4, run))  // 24 sums, 4 vectors of weights
    #elseif NARROW_AVX2
      visit(entry(.direct, type, pixels: 5, vectors: 2, run))  // 10 sums of 16 registers
    #elseif NARROW_NEON
      visit(entry(.direct, type, pixels: 6, vectors: 2, run))  // 12 sums of 32 registers
    #else
      visit(entry(.direct, type, pixels: 4, vectors: 2, run))  // 8 sums of 16 registers
    #endif
  }

  @inline(__always)
  private static func entry(
    _ family: KernelFamily, _ type: DataType, pixels: Int, vectors: Int,
    _ run: @escaping KernelEntry.Run
  ) -> KernelEntry {
    KernelEntry(
      family: family, instructionSet: instructionSet,
      registerBlock: RegisterBlock(pixels: pixels, vectors: vectors), dataType: type, run: run)
  }
}
