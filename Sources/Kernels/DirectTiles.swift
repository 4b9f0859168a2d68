// SPDX-License-Identifier: Apache-2.0

/// Every tile that this module compiles; `InstructionSet.directTilePixels` says the same to planners.
enum DirectTiles {
  /// Computes tiles of `pixels` × `vectors`.
  ///
  /// The key is two hexadecimal digits: vectors, then pixels. Partial sums (the third parameter)
  /// bring narrow tiles to at least 8 independent chains, which two FMA pipes of latency 4 need,
  /// as far as registers allow: `ci/check-object-code.py` holds each tile to none on the stack.
  @inline(__always)
  static func sweep<Steps: ChannelSteps>(
    _: Steps.Type, _ pixels: Int, _ vectors: Int, _ work: UnsafePointer<DirectWork>,
    _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ bias: UnsafeRawPointer,
    _ output: UnsafeMutableRawPointer
  ) {
    switch vectors << 4 | pixels {
    #if KERNELS_AVX512 || KERNELS_NEON
      case 0x11: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x12: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x13: DirectTile<3, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x14: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x15: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x16: DirectTile<6, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x17: DirectTile<7, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x18: DirectTile<8, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x19: DirectTile<9, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1a: DirectTile<10, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1b: DirectTile<11, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1c: DirectTile<12, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1d: DirectTile<13, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x1e: DirectTile<14, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x21: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x22: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x23: DirectTile<3, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x24: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x25: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x26: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x27: DirectTile<7, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x28: DirectTile<8, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x29: DirectTile<9, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2a: DirectTile<10, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2b: DirectTile<11, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2c: DirectTile<12, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x2d: DirectTile<13, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512  // NEON would spill here, and below.
        case 0x2e: DirectTile<14, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
      case 0x31: DirectTile<1, 3, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x32: DirectTile<2, 3, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x33: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x34: DirectTile<4, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x35: DirectTile<5, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x36: DirectTile<6, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x37: DirectTile<7, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x38: DirectTile<8, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512
        case 0x39: DirectTile<9, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
      case 0x41: DirectTile<1, 4, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x42: DirectTile<2, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x43: DirectTile<3, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x44: DirectTile<4, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x45: DirectTile<5, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x46: DirectTile<6, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      #if KERNELS_AVX512
        case 0x47: DirectTile<7, 4, 1, Steps>.sweep(work, input, filter, bias, output)
      #endif
    #elseif KERNELS_AVX2
      case 0x11: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x12: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x13: DirectTile<3, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x14: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x15: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x16: DirectTile<6, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x21: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x22: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x23: DirectTile<3, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x24: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x25: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x26: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x31: DirectTile<1, 3, 3, Steps>.sweep(work, input, filter, bias, output)
      case 0x32: DirectTile<2, 3, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x33: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x34: DirectTile<4, 3, 1, Steps>.sweep(work, input, filter, bias, output)
    #else
      // A product needs a register before it is added.
      case 0x11: DirectTile<1, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x12: DirectTile<2, 1, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x13: DirectTile<3, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x14: DirectTile<4, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x15: DirectTile<5, 1, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x16: DirectTile<6, 1, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x21: DirectTile<1, 2, 4, Steps>.sweep(work, input, filter, bias, output)
      case 0x22: DirectTile<2, 2, 2, Steps>.sweep(work, input, filter, bias, output)
      case 0x23: DirectTile<3, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x24: DirectTile<4, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x25: DirectTile<5, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x26: DirectTile<6, 2, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x31: DirectTile<1, 3, 3, Steps>.sweep(work, input, filter, bias, output)
      case 0x32: DirectTile<2, 3, 1, Steps>.sweep(work, input, filter, bias, output)
      case 0x33: DirectTile<3, 3, 1, Steps>.sweep(work, input, filter, bias, output)
    #endif
    default: assertionFailure("a tile that is not compiled")
    }
  }
}
