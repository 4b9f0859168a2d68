// SPDX-License-Identifier: Apache-2.0

/// Every tile that this module compiles; `InstructionSet.directTilePixels` says the same to planners.
enum DirectTiles {
  /// Computes tiles of `pixels` × `vectors`.
  ///
  /// The key is in hexadecimal digits: vectors, then two of pixels. Partial sums (the third parameter)
  /// bring narrow tiles to at least 8 independent chains, which two FMA pipes of latency 4 need,
  /// as far as registers allow: `ci/check-object-code.py` holds each tile to none on the stack.
  @inline(__always)
  static func sweep<Steps: ChannelSteps>(
    _: Steps.Type, _ pixels: Int, _ vectors: Int, _ work: UnsafePointer<DirectWork>,
    _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer
  ) {
    switch vectors << 8 | pixels {
    #if KERNELS_AVX512 || KERNELS_NEON
      case 0x1_01: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_02: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_03: DirectTile<3, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_04: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_05: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_06: DirectTile<6, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_07: DirectTile<7, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_08: DirectTile<8, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_09: DirectTile<9, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_0a: DirectTile<10, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_0b: DirectTile<11, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_0c: DirectTile<12, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_0d: DirectTile<13, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_0e: DirectTile<14, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512  // Rows of 15 to 20 pixels in one tile: fewer loads of weights.
        case 0x1_0f: DirectTile<15, 1, 1, Steps>.sweep(work, input, filter, bias, output)
        case 0x1_10: DirectTile<16, 1, 1, Steps>.sweep(work, input, filter, bias, output)
        case 0x1_11: DirectTile<17, 1, 1, Steps>.sweep(work, input, filter, bias, output)
        case 0x1_12: DirectTile<18, 1, 1, Steps>.sweep(work, input, filter, bias, output)
        case 0x1_13: DirectTile<19, 1, 1, Steps>.sweep(work, input, filter, bias, output)
        case 0x1_14: DirectTile<20, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
      case 0x2_01: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_02: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_03: DirectTile<3, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_04: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_05: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_06: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_07: DirectTile<7, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_08: DirectTile<8, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_09: DirectTile<9, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_0a: DirectTile<10, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_0b: DirectTile<11, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_0c: DirectTile<12, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_0d: DirectTile<13, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512  // NEON would spill here, and below.
        case 0x2_0e: DirectTile<14, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
      case 0x3_01: DirectTile<1, 3, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_02: DirectTile<2, 3, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_03: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_04: DirectTile<4, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_05: DirectTile<5, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_06: DirectTile<6, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_07: DirectTile<7, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_08: DirectTile<8, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512
        case 0x3_09: DirectTile<9, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
      case 0x4_01: DirectTile<1, 4, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x4_02: DirectTile<2, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x4_03: DirectTile<3, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x4_04: DirectTile<4, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x4_05: DirectTile<5, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x4_06: DirectTile<6, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512
        case 0x4_07: DirectTile<7, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
    #elseif KERNELS_AVX2
      case 0x1_01: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_02: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_03: DirectTile<3, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_04: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_05: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_06: DirectTile<6, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_01: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_02: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_03: DirectTile<3, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_04: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_05: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_06: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_01: DirectTile<1, 3, 3, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_02: DirectTile<2, 3, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_03: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_04: DirectTile<4, 3, 1, Steps>.sweep(work, input, filter, bias, output)
    #else
      // A product needs a register before it is added.
      case 0x1_01: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_02: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_03: DirectTile<3, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_04: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_05: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x1_06: DirectTile<6, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_01: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_02: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_03: DirectTile<3, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_04: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_05: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2_06: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_01: DirectTile<1, 3, 3, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_02: DirectTile<2, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x3_03: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
    #endif
    default: assertionFailure("a tile that is not compiled")
    }
  }
}
