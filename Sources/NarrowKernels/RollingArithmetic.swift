// SPDX-License-Identifier: Apache-2.0

#if NARROW_AVX512BF16
  internal import CVector

  /// How columns of the input are interleaved in registers, multiplied, and sums become outputs.
  protocol RollingArithmetic: StripArithmetic {
    /// Whether registers are left for the next column beside sums that are written.
    static var readsFirst: Bool { get }
    /// Whether they are for all weights; otherwise those of a tap are read anew with each column.
    static var keepsWeights: Bool { get }
    /// Passes over a block of channels.
    static var halves: Int { get }
    /// The row and the quantum of the packed filter that has weights `index` of a column of taps.
    static func weights(_ index: Int, stride: Int) -> (row: Int, quantum: Int)
    /// Four rows at one column, of two output rows.
    static func column(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn
    /// Three rows at one column, of one output row.
    static func singleColumn(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn
    /// Adds the products of a column of taps to two output rows.
    static func add(
      _ sums: inout InlineArray<2, RollingPair>, _ column: RollingColumn,
      _ weights: RollingWeights, tap: Int)
    /// Adds those of `singleColumn` to one.
    static func add(
      _ sums: inout RollingPair, _ column: RollingColumn, _ weights: RollingWeights, tap: Int)
    /// Whether sums have to be rectified before they are written.
    static var rectifies: Bool { get }
    /// Zeros in place of negative sums.
    static func rectified(_ sums: RollingPair) -> RollingPair
    /// Writes an output.
    static func write(
      _ sums: RollingPair, _ block: StripBlock, _ output: UnsafeMutableRawPointer, _ width: Int,
      _ half: Int)
  }

  extension RollingArithmetic {
    /// Adds products of interleaved rows.
    @inline(__always)
    static func add(
      _ sums: inout RollingPair, _ values: RollingPair, _ weights: RollingPair
    ) {
      for vector in 0..<2 {
        sums[unchecked: vector] = add(
          sums[unchecked: vector], values[unchecked: vector], weights[unchecked: vector])
      }
    }
  }

  extension U8S8Arithmetic: RollingArithmetic {
    /// A block has four vectors of sums, of which rounding brings two into order.
    @inline(__always) static var halves: Int { 2 }
    @inline(__always) static var readsFirst: Bool { true }
    @inline(__always) static var keepsWeights: Bool { true }

    @inline(__always)
    static func weights(_ index: Int, stride: Int) -> (row: Int, quantum: Int) { (index, 0) }

    @inline(__always)
    static func column(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn {
      let first = Vector(first: width, at: rows.first + at).lanes
      let second = Vector(first: width, at: rows.second + at).lanes
      let third = Vector(first: width, at: rows.third + at).lanes
      let fourth = Vector(first: width, at: rows.fourth + at).lanes
      let (pairs, others) =
        half == 0
        ? (cnarrow_low_bytes(first, second), cnarrow_low_bytes(third, fourth))
        : (cnarrow_high_bytes(first, second), cnarrow_high_bytes(third, fourth))
      let none: RollingPair = [Vector(), Vector()]
      return [
        [Vector(cnarrow_low_halves(pairs, others)), Vector(cnarrow_high_halves(pairs, others))],
        none, none,
      ]
    }

    /// The fourth row meets weights of zero.
    @inline(__always)
    static func singleColumn(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn {
      let three = RollingRows(
        first: rows.first, second: rows.second, third: rows.third, fourth: rows.third)
      return column(three, at, width, half)
    }

    @inline(__always)
    static func add(
      _ sums: inout InlineArray<2, RollingPair>, _ column: RollingColumn,
      _ weights: RollingWeights, tap: Int
    ) {
      for row in 0..<2 {
        add(
          &sums[unchecked: row], column[unchecked: 0], weights[unchecked: tap][unchecked: row])
      }
    }

    @inline(__always)
    static func add(
      _ sums: inout RollingPair, _ column: RollingColumn, _ weights: RollingWeights, tap: Int
    ) {
      add(&sums, column[unchecked: 0], weights[unchecked: tap][unchecked: 0])
    }

    /// The least output does that.
    @inline(__always) static var rectifies: Bool { false }

    @inline(__always)
    static func rectified(_ sums: RollingPair) -> RollingPair { sums }

    @inline(__always)
    static func write(
      _ sums: RollingPair, _ block: StripBlock, _ output: UnsafeMutableRawPointer, _ width: Int,
      _ half: Int
    ) {
      let scales = cvector_reloaded(block.scales) + 2 &* half &* Vector.bytes
      let first = cnarrow_steps(sums[unchecked: 0].lanes, Vector(at: scales).lanes)
      let second = cnarrow_steps(
        sums[unchecked: 1].lanes, Vector(at: scales + Vector.bytes).lanes)
      cnarrow_store_half_steps(
        first, second, Vector(at: block.limits).lanes,
        Vector(at: block.limits + Vector.bytes).lanes, output, width, half)
    }
  }

  extension BF16Arithmetic: RollingArithmetic {
    @inline(__always) static var halves: Int { 1 }
    @inline(__always) static var readsFirst: Bool { false }
    @inline(__always) static var keepsWeights: Bool { false }

    /// Those of rows 0 and 1 of the taps, and of 1 and 2; with a stride of 2, of 0 and 1, and of 2 and none.
    @inline(__always)
    static func weights(_ index: Int, stride: Int) -> (row: Int, quantum: Int) {
      stride == 1 ? (1 &- index, 1) : (0, index)
    }

    /// The two rows that both outputs read, the first beside zeros, and the last behind zeros: so each meets
    /// weights of its own rows alone.
    @inline(__always)
    static func column(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn {
      let first = Vector(first: width, at: rows.first + at).lanes
      let second = Vector(first: width, at: rows.second + at).lanes
      let third = Vector(first: width, at: rows.third + at).lanes
      let fourth = Vector(first: width, at: rows.fourth + at).lanes
      let zeros = Vector().lanes
      return [pair(second, third), pair(first, zeros), pair(zeros, fourth)]
    }

    @inline(__always)
    static func singleColumn(
      _ rows: RollingRows, _ at: Int, _ width: Int, _ half: Int
    ) -> RollingColumn {
      let first = Vector(first: width, at: rows.first + at).lanes
      let second = Vector(first: width, at: rows.second + at).lanes
      let third = Vector(first: width, at: rows.third + at).lanes
      let zeros = Vector().lanes
      return [pair(first, second), pair(third, zeros), [Vector(), Vector()]]
    }

    @inline(__always)
    private static func pair(_ first: cnarrow_vector, _ second: cnarrow_vector) -> RollingPair {
      [Vector(cnarrow_low_halves(first, second)), Vector(cnarrow_high_halves(first, second))]
    }

    @inline(__always)
    static func add(
      _ sums: inout InlineArray<2, RollingPair>, _ column: RollingColumn,
      _ weights: RollingWeights, tap: Int
    ) {
      let (upper, lower) = (
        weights[unchecked: tap][unchecked: 0], weights[unchecked: tap][unchecked: 1]
      )
      add(&sums[unchecked: 0], column[unchecked: 0], lower)
      add(&sums[unchecked: 1], column[unchecked: 0], upper)
      add(&sums[unchecked: 0], column[unchecked: 1], upper)
      add(&sums[unchecked: 1], column[unchecked: 2], lower)
    }

    @inline(__always)
    static func add(
      _ sums: inout RollingPair, _ column: RollingColumn, _ weights: RollingWeights, tap: Int
    ) {
      add(&sums, column[unchecked: 0], weights[unchecked: tap][unchecked: 0])
      add(&sums, column[unchecked: 1], weights[unchecked: tap][unchecked: 1])
    }

    @inline(__always) static var rectifies: Bool { true }

    @inline(__always)
    static func rectified(_ sums: RollingPair) -> RollingPair {
      [
        Vector(cnarrow_rectified(sums[unchecked: 0].lanes)),
        Vector(cnarrow_rectified(sums[unchecked: 1].lanes)),
      ]
    }

    @inline(__always)
    static func write(
      _ sums: RollingPair, _ block: StripBlock, _ output: UnsafeMutableRawPointer, _ width: Int,
      _ half: Int
    ) {
      cnarrow_store_first_bf16(
        sums[unchecked: 0].lanes, sums[unchecked: 1].lanes, output, width)
    }
  }
#endif
