// SPDX-License-Identifier: Apache-2.0

#if !NARROW_BASELINE
  internal import CVector

  /// How rows of the input become quanta of a strip, and sums outputs.
  protocol StripArithmetic: Arithmetic {
    /// Writes what rows below each other make, of `width` bytes of channels, the channels out of order.
    static func interleave(_ rows: StripRows, _ width: Int, _ target: UnsafeMutableRawPointer)
    /// Writes the sums of a pixel as outputs, the channels in order.
    static func finish<let vectors: Int>(
      _ sums: InlineArray<vectors, Vector>, _ block: StripBlock, _ output: UnsafeMutableRawPointer)
  }

  extension StripArithmetic {
    /// Channels of a block: those of a vector's bytes.
    @inline(__always) static var channels: Int { Vector.count &* quantum }
  }

  extension Vector {
    /// The first bytes from memory, and zeros.
    @inline(__always)
    init(first width: Int, at pointer: UnsafeRawPointer) {
      lanes = cnarrow_load_first(pointer, width)
    }

    /// In each part of 128 bits, the bytes of it that `order` names.
    @inline(__always)
    func permutedBytes(_ order: Vector) -> Vector {
      Vector(cnarrow_permuted_bytes(lanes, order.lanes))
    }
  }

  extension U8S8Arithmetic: StripArithmetic {
    @inline(__always)
    static func interleave(_ rows: StripRows, _ width: Int, _ target: UnsafeMutableRawPointer) {
      let first = Vector(first: width, at: rows.first)
      let next = Vector(first: width, at: rows.second)
      #if NARROW_AVX512BF16
        let second = next
        let third = Vector(first: width, at: rows.third)
        let fourth = Vector(first: width, at: rows.fourth)
      #else
        // Two numbers of 16 bits.
        let (second, third, fourth) = (Vector(), next, Vector())
      #endif
      let low = cnarrow_low_bytes(first.lanes, second.lanes)
      let high = cnarrow_high_bytes(first.lanes, second.lanes)
      let lowNext = cnarrow_low_bytes(third.lanes, fourth.lanes)
      let highNext = cnarrow_high_bytes(third.lanes, fourth.lanes)
      Vector(cnarrow_low_halves(low, lowNext)).store(target)
      Vector(cnarrow_high_halves(low, lowNext)).store(target + Vector.bytes)
      Vector(cnarrow_low_halves(high, highNext)).store(target + 2 &* Vector.bytes)
      Vector(cnarrow_high_halves(high, highNext)).store(target + 3 &* Vector.bytes)
    }

    @inline(__always)
    static func finish<let vectors: Int>(
      _ sums: InlineArray<vectors, Vector>, _ block: StripBlock, _ output: UnsafeMutableRawPointer
    ) {
      func steps(_ vector: Int) -> cnarrow_vector {
        cnarrow_steps(
          sums[unchecked: vector].lanes, Vector(at: block.scales + vector &* Vector.bytes).lanes)
      }
      cnarrow_store_steps(
        steps(0), steps(1), steps(2), steps(3), Vector(at: block.limits).lanes,
        Vector(at: block.limits + Vector.bytes).lanes, output, block.width)
    }
  }

  extension BF16Arithmetic: StripArithmetic {
    @inline(__always)
    static func interleave(_ rows: StripRows, _ width: Int, _ target: UnsafeMutableRawPointer) {
      let first = Vector(first: width, at: rows.first).lanes
      let second = Vector(first: width, at: rows.second).lanes
      Vector(cnarrow_low_halves(first, second)).store(target)
      Vector(cnarrow_high_halves(first, second)).store(target + Vector.bytes)
    }

    @inline(__always)
    static func finish<let vectors: Int>(
      _ sums: InlineArray<vectors, Vector>, _ block: StripBlock, _ output: UnsafeMutableRawPointer
    ) {
      var (first, second) = (sums[unchecked: 0].lanes, sums[unchecked: 1].lanes)
      if block.rectifies {
        (first, second) = (cnarrow_rectified(first), cnarrow_rectified(second))
      }
      cnarrow_store_ordered_bf16(first, second, output, block.width)
    }
  }
#endif
