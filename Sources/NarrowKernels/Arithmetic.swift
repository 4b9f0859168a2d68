// SPDX-License-Identifier: Apache-2.0

internal import CVector
internal import Convolution

/// What the numbers of a convolution are, and how they are multiplied.
///
/// Four bytes of the input are a *quantum*, whatever its type: the channels that a lane multiplies at a
/// time. A vector of the filter holds a quantum of weights for each lane, and a quantum of the input is
/// brought into all lanes. So tiles step through all types alike; sums are 32 bits a lane.
protocol Arithmetic {
  /// Channels of a quantum; as many bytes less than four has an element of input and output.
  static var quantum: Int { get }
  /// How often a tile passes over a quantum: each pass multiplies a part of it.
  static var passes: Int { get }
  /// Whether channels that fill no quantum are read one by one: what lies behind them may be infinite, and
  /// its weight of zero would make it NaN.
  static var readsRest: Bool { get }
  /// Whether sums lack what the input's zero point makes of their weights.
  static var isCompensated: Bool { get }

  /// A quantum of the input in all lanes, as `pass` multiplies it.
  static func input(_ quantum: Vector, _ pass: Int) -> Vector
  /// A vector of the filter, as `pass` multiplies it.
  static func weights(_ quanta: Vector, _ pass: Int) -> Vector
  /// `sum` and the products of `input` and `weights`.
  static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector
  /// The sum of two sums.
  static func join(_ sum: Vector, _ other: Vector) -> Vector
  /// The complete sums of a panel's `vector` as outputs of 32 bits.
  static func finishWide(_ sum: Vector, _ output: NarrowOutput, vector: Int) -> Vector
  /// Writes the complete sums of a panel's `vector` as outputs.
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int)
  /// Writes their first `count` lanes.
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
    count: Int)
  #if NARROW_AVX512BF16
    /// The elements of `pixel` that `order` names: halves, or bytes of its first 16.
    static func arranged(_ pixel: Vector, _ order: Vector) -> Vector
  #endif
}

/// What becomes of complete sums.
struct NarrowOutput {
  /// Whether negative results become zero; rounded integers have it in `lowest`.
  var rectifies = false
  /// What is written.
  var form = DirectSteps.Output.rounded
  /// Of integers: the scales of a panel's channels, how far an output may lie below and above its zero
  /// point, and that.
  var scales: UnsafeRawPointer
  var lowest: Float = 0, highest: Float = 0
  var zero: Int32 = 0

  /// Whether tiles write outputs of so many lanes of their last vector: with masks any, otherwise all.
  @inline(__always)
  static func isOfTiles(lanes: Int) -> Bool {
    #if NARROW_AVX512BF16
      true
    #else
      lanes == Vector.count
    #endif
  }
}

extension Arithmetic {
  /// Bytes of an element of input and output.
  @inline(__always) static var elementBytes: Int { 4 / quantum }
}

#if NARROW_AVX512BF16
  /// One instruction multiplies a quantum.
  @inline(__always) private var passesOfQuantum: Int { 1 }
#else
  /// A pass makes wider numbers of one half of a quantum, another one of the other.
  @inline(__always) private var passesOfQuantum: Int { 2 }
#endif

/// bf16, summed in 32-bit floats.
enum BF16Arithmetic: Arithmetic {
  @inline(__always) static var quantum: Int { 2 }
  @inline(__always) static var passes: Int { passesOfQuantum }
  @inline(__always) static var readsRest: Bool { true }
  @inline(__always) static var isCompensated: Bool { false }

  @inline(__always)
  static func input(_ quantum: Vector, _ pass: Int) -> Vector { part(quantum, pass) }

  @inline(__always)
  static func weights(_ quanta: Vector, _ pass: Int) -> Vector { part(quanta, pass) }

  @inline(__always)
  private static func part(_ pairs: Vector, _ pass: Int) -> Vector {
    #if NARROW_AVX512BF16
      pairs
    #else
      Vector(pass == 0 ? cnarrow_first_bf16(pairs.lanes) : cnarrow_second_bf16(pairs.lanes))
    #endif
  }

  @inline(__always)
  static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
    #if NARROW_AVX512BF16
      Vector(cnarrow_dot_bf16(sum.lanes, input.lanes, weights.lanes))
    #else
      Vector(cnarrow_multiply_add(sum.lanes, input.lanes, weights.lanes))
    #endif
  }

  @inline(__always)
  static func join(_ sum: Vector, _ other: Vector) -> Vector {
    Vector(cnarrow_add_f32(sum.lanes, other.lanes))
  }

  @inline(__always)
  static func finishWide(_ sum: Vector, _ output: NarrowOutput, vector: Int) -> Vector {
    output.rectifies ? Vector(cnarrow_rectified(sum.lanes)) : sum
  }

  #if NARROW_AVX512BF16
    @inline(__always)
    static func arranged(_ pixel: Vector, _ order: Vector) -> Vector {
      Vector(cnarrow_permuted_halves(pixel.lanes, order.lanes))
    }
  #endif

  @inline(__always)
  private static func halves(_ sum: Vector, _ output: NarrowOutput) -> cnarrow_halves {
    cnarrow_as_bf16(output.rectifies ? cnarrow_rectified(sum.lanes) : sum.lanes)
  }

  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int
  ) {
    cnarrow_store_halves(halves(sum, output), pointer)
  }

  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
    count: Int
  ) {
    cnarrow_store_first_halves(halves(sum, output), pointer, count)
  }
}

/// Unsigned bytes times signed ones, summed in 32-bit integers; an output is a scaled sum, rounded and
/// bounded to a byte.
///
/// Channels that fill no quantum are read with what lies behind: its weights are zero.
enum U8S8Arithmetic: Arithmetic {
  @inline(__always) static var quantum: Int { 4 }
  @inline(__always) static var passes: Int { passesOfQuantum }
  @inline(__always) static var readsRest: Bool { false }
  @inline(__always) static var isCompensated: Bool { true }

  @inline(__always)
  static func input(_ quantum: Vector, _ pass: Int) -> Vector {
    #if NARROW_AVX512BF16
      quantum
    #else
      Vector(pass == 0 ? cnarrow_even_u8(quantum.lanes) : cnarrow_odd_u8(quantum.lanes))
    #endif
  }

  @inline(__always)
  static func weights(_ quanta: Vector, _ pass: Int) -> Vector {
    #if NARROW_AVX512BF16
      quanta
    #else
      Vector(pass == 0 ? cnarrow_even_s8(quanta.lanes) : cnarrow_odd_s8(quanta.lanes))
    #endif
  }

  @inline(__always)
  static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
    #if NARROW_AVX512BF16
      Vector(cnarrow_dot_u8_s8(sum.lanes, input.lanes, weights.lanes))
    #else
      Vector(cnarrow_dot_pairs(sum.lanes, input.lanes, weights.lanes))
    #endif
  }

  @inline(__always)
  static func join(_ sum: Vector, _ other: Vector) -> Vector {
    Vector(cnarrow_add_s32(sum.lanes, other.lanes))
  }

  @inline(__always)
  static func finishWide(_ sum: Vector, _ output: NarrowOutput, vector: Int) -> Vector {
    guard output.form == .scaled else {
      return output.rectifies ? Vector(cnarrow_rectified_s32(sum.lanes)) : sum
    }
    let scales = Vector(at: output.scales + vector &* Vector.bytes)
    let scaled = cnarrow_scaled(sum.lanes, scales.lanes)
    return Vector(output.rectifies ? cnarrow_rectified(scaled) : scaled)
  }

  #if NARROW_AVX512BF16
    @inline(__always)
    static func arranged(_ pixel: Vector, _ order: Vector) -> Vector {
      Vector(cnarrow_first_part(pixel.lanes)).permutedBytes(order)
    }
  #endif

  @inline(__always)
  private static func bytes(
    _ sum: Vector, _ output: NarrowOutput, _ vector: Int
  ) -> cnarrow_bytes {
    cnarrow_as_u8(
      sum.lanes, Vector(at: output.scales + vector &* Vector.bytes).lanes, output.lowest,
      output.highest, output.zero)
  }

  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int
  ) {
    cnarrow_store_bytes(bytes(sum, output, vector), pointer)
  }

  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
    count: Int
  ) {
    cnarrow_store_first_bytes(bytes(sum, output, vector), pointer, count)
  }
}
