// SPDX-License-Identifier: Apache-2.0

/// Every tile that this module compiles; `InstructionSet.directTilePixels` says the same to planners.
///
/// Fewer than of 32-bit floats: where one pixel more would spill, or gains nothing beside two tiles of
/// half as many, compiling it is not worth the time.
enum NarrowTiles {
  /// Computes tiles of `pixels` × `vectors`.
  ///
  /// The key is two hexadecimal digits: vectors, then pixels. `InstructionSet.directPartialSums` has the
  /// same partial sums (the third parameter).
  @inline(__always)
  static func sweep<A: Arithmetic>(
    _: A.Type, _ pixels: Int, _ vectors: Int, _ work: UnsafePointer<NarrowWork>,
    _ input: UnsafeRawPointer, _ filter: UnsafeRawPointer, _ waiting: UnsafeMutableRawPointer
  ) {
    switch vectors << 4 | pixels {
    #if NARROW_AVX512BF16
      case 0x11: NarrowTile<1, 1, 4, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x12: NarrowTile<2, 1, 4, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x13: NarrowTile<3, 1, 4, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x14: NarrowTile<4, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x15: NarrowTile<5, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x16: NarrowTile<6, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x17: NarrowTile<7, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x18: NarrowTile<8, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x19: NarrowTile<9, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x1a: NarrowTile<10, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x1b: NarrowTile<11, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x1c: NarrowTile<12, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x21: NarrowTile<1, 2, 4, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x22: NarrowTile<2, 2, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x23: NarrowTile<3, 2, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x24: NarrowTile<4, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x25: NarrowTile<5, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x26: NarrowTile<6, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x27: NarrowTile<7, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x28: NarrowTile<8, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x29: NarrowTile<9, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x2a: NarrowTile<10, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x31: NarrowTile<1, 3, 4, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x32: NarrowTile<2, 3, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x33: NarrowTile<3, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x34: NarrowTile<4, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x35: NarrowTile<5, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x36: NarrowTile<6, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x37: NarrowTile<7, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x38: NarrowTile<8, 3, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x41: NarrowTile<1, 4, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x42: NarrowTile<2, 4, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x43: NarrowTile<3, 4, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x44: NarrowTile<4, 4, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x45: NarrowTile<5, 4, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x46: NarrowTile<6, 4, 1, A, Broadcast>.sweep(work, input, filter, waiting)
    #else
      case 0x11: NarrowTile<1, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x12: NarrowTile<2, 1, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x13: NarrowTile<3, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x14: NarrowTile<4, 1, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x21: NarrowTile<1, 2, 2, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x22: NarrowTile<2, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x23: NarrowTile<3, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      case 0x24: NarrowTile<4, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      #if NARROW_AVX2 || NARROW_NEON
        case 0x25: NarrowTile<5, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      #endif
      #if NARROW_NEON
        case 0x26: NarrowTile<6, 2, 1, A, Broadcast>.sweep(work, input, filter, waiting)
      #endif
    #endif
    default: assertionFailure("a tile that is not compiled")
    }
  }

  #if NARROW_AVX512BF16
    /// Computes tiles of `pixels` pixels whose vector several groups share.
    @inline(__always)
    static func sweepSpread<A: Arithmetic>(
      _: A.Type, _ pixels: Int, _ work: UnsafePointer<NarrowWork>, _ input: UnsafeRawPointer,
      _ filter: UnsafeRawPointer, _ waiting: UnsafeMutableRawPointer
    ) {
      switch pixels {
      case 1: NarrowTile<1, 1, 4, A, Spread>.sweep(work, input, filter, waiting)
      case 2: NarrowTile<2, 1, 4, A, Spread>.sweep(work, input, filter, waiting)
      case 3: NarrowTile<3, 1, 4, A, Spread>.sweep(work, input, filter, waiting)
      case 4: NarrowTile<4, 1, 2, A, Spread>.sweep(work, input, filter, waiting)
      case 5: NarrowTile<5, 1, 2, A, Spread>.sweep(work, input, filter, waiting)
      case 6: NarrowTile<6, 1, 2, A, Spread>.sweep(work, input, filter, waiting)
      case 7: NarrowTile<7, 1, 2, A, Spread>.sweep(work, input, filter, waiting)
      case 8: NarrowTile<8, 1, 1, A, Spread>.sweep(work, input, filter, waiting)
      case 9: NarrowTile<9, 1, 1, A, Spread>.sweep(work, input, filter, waiting)
      case 10: NarrowTile<10, 1, 1, A, Spread>.sweep(work, input, filter, waiting)
      case 11: NarrowTile<11, 1, 1, A, Spread>.sweep(work, input, filter, waiting)
      case 12: NarrowTile<12, 1, 1, A, Spread>.sweep(work, input, filter, waiting)
      default: assertionFailure("a tile that is not compiled")
      }
    }
  #endif
}
