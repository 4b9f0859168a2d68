// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import Convolution

  /// Every tile of copies that this module compiles: of each number of pixels, with one row and with as many as
  /// `DirectCopy.rows` says.
  enum CopiedTiles {
    /// Computes tiles of `rows` × `pixels` × `vectors`; the key is hexadecimal: a digit of vectors, one of rows, two of
    /// pixels.
    @inline(__always)
    static func sweep<A: Arithmetic>(
      _: A.Type, _ rows: Int, _ pixels: Int, _ vectors: Int, _ work: UnsafePointer<CopiedWork>,
      _ input: UnsafeRawPointer
    ) {
      switch vectors << 12 | rows << 8 | pixels {
      case 0x1101: CopiedTile<1, 1, 1, A, Broadcast>.sweep(work, input)
      case 0x1401: CopiedTile<4, 1, 1, A, Broadcast>.sweep(work, input)
      case 0x1102: CopiedTile<1, 2, 1, A, Broadcast>.sweep(work, input)
      case 0x1402: CopiedTile<4, 2, 1, A, Broadcast>.sweep(work, input)
      case 0x1103: CopiedTile<1, 3, 1, A, Broadcast>.sweep(work, input)
      case 0x1403: CopiedTile<4, 3, 1, A, Broadcast>.sweep(work, input)
      case 0x1104: CopiedTile<1, 4, 1, A, Broadcast>.sweep(work, input)
      case 0x1404: CopiedTile<4, 4, 1, A, Broadcast>.sweep(work, input)
      case 0x1105: CopiedTile<1, 5, 1, A, Broadcast>.sweep(work, input)
      case 0x1405: CopiedTile<4, 5, 1, A, Broadcast>.sweep(work, input)
      case 0x1106: CopiedTile<1, 6, 1, A, Broadcast>.sweep(work, input)
      case 0x1206: CopiedTile<2, 6, 1, A, Broadcast>.sweep(work, input)
      case 0x1107: CopiedTile<1, 7, 1, A, Broadcast>.sweep(work, input)
      case 0x1207: CopiedTile<2, 7, 1, A, Broadcast>.sweep(work, input)
      case 0x1108: CopiedTile<1, 8, 1, A, Broadcast>.sweep(work, input)
      case 0x1208: CopiedTile<2, 8, 1, A, Broadcast>.sweep(work, input)
      case 0x1109: CopiedTile<1, 9, 1, A, Broadcast>.sweep(work, input)
      case 0x1209: CopiedTile<2, 9, 1, A, Broadcast>.sweep(work, input)
      case 0x110a: CopiedTile<1, 10, 1, A, Broadcast>.sweep(work, input)
      case 0x120a: CopiedTile<2, 10, 1, A, Broadcast>.sweep(work, input)
      case 0x110b: CopiedTile<1, 11, 1, A, Broadcast>.sweep(work, input)
      case 0x110c: CopiedTile<1, 12, 1, A, Broadcast>.sweep(work, input)
      case 0x110d: CopiedTile<1, 13, 1, A, Broadcast>.sweep(work, input)
      case 0x110e: CopiedTile<1, 14, 1, A, Broadcast>.sweep(work, input)
      case 0x110f: CopiedTile<1, 15, 1, A, Broadcast>.sweep(work, input)
      case 0x1110: CopiedTile<1, 16, 1, A, Broadcast>.sweep(work, input)
      case 0x1111: CopiedTile<1, 17, 1, A, Broadcast>.sweep(work, input)
      case 0x1112: CopiedTile<1, 18, 1, A, Broadcast>.sweep(work, input)
      case 0x1113: CopiedTile<1, 19, 1, A, Broadcast>.sweep(work, input)
      case 0x1114: CopiedTile<1, 20, 1, A, Broadcast>.sweep(work, input)
      case 0x2101: CopiedTile<1, 1, 2, A, Broadcast>.sweep(work, input)
      case 0x2401: CopiedTile<4, 1, 2, A, Broadcast>.sweep(work, input)
      case 0x2102: CopiedTile<1, 2, 2, A, Broadcast>.sweep(work, input)
      case 0x2402: CopiedTile<4, 2, 2, A, Broadcast>.sweep(work, input)
      case 0x2103: CopiedTile<1, 3, 2, A, Broadcast>.sweep(work, input)
      case 0x2203: CopiedTile<2, 3, 2, A, Broadcast>.sweep(work, input)
      case 0x2104: CopiedTile<1, 4, 2, A, Broadcast>.sweep(work, input)
      case 0x2204: CopiedTile<2, 4, 2, A, Broadcast>.sweep(work, input)
      case 0x2105: CopiedTile<1, 5, 2, A, Broadcast>.sweep(work, input)
      case 0x2205: CopiedTile<2, 5, 2, A, Broadcast>.sweep(work, input)
      case 0x2106: CopiedTile<1, 6, 2, A, Broadcast>.sweep(work, input)
      case 0x2107: CopiedTile<1, 7, 2, A, Broadcast>.sweep(work, input)
      case 0x2108: CopiedTile<1, 8, 2, A, Broadcast>.sweep(work, input)
      case 0x2109: CopiedTile<1, 9, 2, A, Broadcast>.sweep(work, input)
      case 0x210a: CopiedTile<1, 10, 2, A, Broadcast>.sweep(work, input)
      case 0x3101: CopiedTile<1, 1, 3, A, Broadcast>.sweep(work, input)
      case 0x3201: CopiedTile<2, 1, 3, A, Broadcast>.sweep(work, input)
      case 0x3102: CopiedTile<1, 2, 3, A, Broadcast>.sweep(work, input)
      case 0x3202: CopiedTile<2, 2, 3, A, Broadcast>.sweep(work, input)
      case 0x3103: CopiedTile<1, 3, 3, A, Broadcast>.sweep(work, input)
      case 0x3203: CopiedTile<2, 3, 3, A, Broadcast>.sweep(work, input)
      case 0x3104: CopiedTile<1, 4, 3, A, Broadcast>.sweep(work, input)
      case 0x3204: CopiedTile<2, 4, 3, A, Broadcast>.sweep(work, input)
      case 0x3105: CopiedTile<1, 5, 3, A, Broadcast>.sweep(work, input)
      case 0x3106: CopiedTile<1, 6, 3, A, Broadcast>.sweep(work, input)
      case 0x3107: CopiedTile<1, 7, 3, A, Broadcast>.sweep(work, input)
      case 0x3108: CopiedTile<1, 8, 3, A, Broadcast>.sweep(work, input)
      case 0x4101: CopiedTile<1, 1, 4, A, Broadcast>.sweep(work, input)
      case 0x4201: CopiedTile<2, 1, 4, A, Broadcast>.sweep(work, input)
      case 0x4102: CopiedTile<1, 2, 4, A, Broadcast>.sweep(work, input)
      case 0x4202: CopiedTile<2, 2, 4, A, Broadcast>.sweep(work, input)
      case 0x4103: CopiedTile<1, 3, 4, A, Broadcast>.sweep(work, input)
      case 0x4203: CopiedTile<2, 3, 4, A, Broadcast>.sweep(work, input)
      case 0x4104: CopiedTile<1, 4, 4, A, Broadcast>.sweep(work, input)
      case 0x4105: CopiedTile<1, 5, 4, A, Broadcast>.sweep(work, input)
      case 0x4106: CopiedTile<1, 6, 4, A, Broadcast>.sweep(work, input)
      default: assertionFailure("a tile that is not compiled")
      }
    }

    /// The same of one vector that several groups share.
    @inline(__always)
    static func sweepLaid<A: Arithmetic>(
      _: A.Type, _ rows: Int, _ pixels: Int, _ work: UnsafePointer<CopiedWork>,
      _ input: UnsafeRawPointer
    ) {
      switch rows << 8 | pixels {
      case 0x101: CopiedTile<1, 1, 1, A, Laid>.sweep(work, input)
      case 0x401: CopiedTile<4, 1, 1, A, Laid>.sweep(work, input)
      case 0x102: CopiedTile<1, 2, 1, A, Laid>.sweep(work, input)
      case 0x402: CopiedTile<4, 2, 1, A, Laid>.sweep(work, input)
      case 0x103: CopiedTile<1, 3, 1, A, Laid>.sweep(work, input)
      case 0x403: CopiedTile<4, 3, 1, A, Laid>.sweep(work, input)
      case 0x104: CopiedTile<1, 4, 1, A, Laid>.sweep(work, input)
      case 0x404: CopiedTile<4, 4, 1, A, Laid>.sweep(work, input)
      case 0x105: CopiedTile<1, 5, 1, A, Laid>.sweep(work, input)
      case 0x405: CopiedTile<4, 5, 1, A, Laid>.sweep(work, input)
      case 0x106: CopiedTile<1, 6, 1, A, Laid>.sweep(work, input)
      case 0x206: CopiedTile<2, 6, 1, A, Laid>.sweep(work, input)
      case 0x107: CopiedTile<1, 7, 1, A, Laid>.sweep(work, input)
      case 0x207: CopiedTile<2, 7, 1, A, Laid>.sweep(work, input)
      case 0x108: CopiedTile<1, 8, 1, A, Laid>.sweep(work, input)
      case 0x208: CopiedTile<2, 8, 1, A, Laid>.sweep(work, input)
      case 0x109: CopiedTile<1, 9, 1, A, Laid>.sweep(work, input)
      case 0x209: CopiedTile<2, 9, 1, A, Laid>.sweep(work, input)
      case 0x10a: CopiedTile<1, 10, 1, A, Laid>.sweep(work, input)
      case 0x20a: CopiedTile<2, 10, 1, A, Laid>.sweep(work, input)
      case 0x10b: CopiedTile<1, 11, 1, A, Laid>.sweep(work, input)
      case 0x10c: CopiedTile<1, 12, 1, A, Laid>.sweep(work, input)
      case 0x10d: CopiedTile<1, 13, 1, A, Laid>.sweep(work, input)
      case 0x10e: CopiedTile<1, 14, 1, A, Laid>.sweep(work, input)
      case 0x10f: CopiedTile<1, 15, 1, A, Laid>.sweep(work, input)
      case 0x110: CopiedTile<1, 16, 1, A, Laid>.sweep(work, input)
      case 0x111: CopiedTile<1, 17, 1, A, Laid>.sweep(work, input)
      case 0x112: CopiedTile<1, 18, 1, A, Laid>.sweep(work, input)
      case 0x113: CopiedTile<1, 19, 1, A, Laid>.sweep(work, input)
      case 0x114: CopiedTile<1, 20, 1, A, Laid>.sweep(work, input)
      default: assertionFailure("a tile that is not compiled")
      }
    }
  }
#endif
