// SPDX-License-Identifier: Apache-2.0

internal import CVector

/// What the numbers of a direct convolution are, and how they are multiplied.
///
/// Four bytes of the input are a *quantum*, whatever its type: the channels that a lane multiplies at a
/// time. A vector of the filter holds a quantum of weights for each lane, and a quantum of the input is
/// brought into all lanes. So tiles step through all types alike; sums are 32 bits a lane.
protocol Arithmetic {
  /// How tiles step whose channels do not lie side by side.
  associatedtype OtherSteps: ChannelSteps
  /// Channels of a quantum.
  static var quantum: Int { get }
  /// Bytes of an element of the input.
  static var inputBytes: Int { get }
  /// Bytes of an element of the output; where they are fewer than a sum has, an output is written once
  /// its sum is complete.
  static var outputBytes: Int { get }
  /// How often a tile passes over a quantum: each pass multiplies a part of it.
  static var passes: Int { get }
  /// Whether channels that fill no quantum are read one by one: what lies behind them may be infinite, and
  /// its weight of zero would make it NaN.
  static var readsRest: Bool { get }
  /// Whether sums lack what the input's zero point makes of their weights.
  static var isCompensated: Bool { get }

  /// A quantum of the input in all lanes, as `pass` multiplies it.
  static func input(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector
  /// The first number of a quantum in all lanes, as pass 0 multiplies it, and zero for the others; what lies
  /// behind is not read.
  static func first(_ pointer: UnsafeRawPointer) -> Vector
  /// A vector of the filter, as `pass` multiplies it.
  static func weights(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector
  /// `sum` and the products of `input` and `weights`.
  static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector
  /// The sum of two sums.
  static func join(_ sum: Vector, _ other: Vector) -> Vector
  /// Writes the complete sums of a tile's `vector` as narrow outputs.
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int)
  /// Writes their first `count` lanes.
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
    count: Int)
}

/// What becomes of complete sums whose outputs have fewer bits.
struct NarrowOutput {
  /// Whether negative results become zero.
  var rectifies = false
  /// Of integers: the scales of a panel's channels, how far an output may lie below and above its zero
  /// point, and that.
  var scales: UnsafeRawPointer
  var lowest: Float = 0, highest: Float = 0
  var zero: Int32 = 0
}

extension Arithmetic {
  @inline(__always) static var readsRest: Bool { false }

  @inline(__always) static var isCompensated: Bool { false }

  @inline(__always)
  static func first(_ pointer: UnsafeRawPointer) -> Vector { input(pointer, 0) }

  @inline(__always)
  static func join(_ sum: Vector, _ other: Vector) -> Vector { sum + other }

  /// Whether outputs have fewer bits than sums.
  @inline(__always) static var isNarrow: Bool { outputBytes < 4 }
}

/// 32-bit floats.
enum FloatArithmetic: Arithmetic {
  typealias OtherSteps = FreeSteps
  @inline(__always) static var quantum: Int { 1 }
  @inline(__always) static var inputBytes: Int { 4 }
  @inline(__always) static var outputBytes: Int { 4 }
  @inline(__always) static var passes: Int { 1 }

  @inline(__always)
  static func input(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector { broadcast(pointer) }

  @inline(__always)
  static func weights(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector { load(pointer) }

  @inline(__always)
  static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
    multiplyAdd(sum, input, weights)
  }

  // No output is narrow.
  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int
  ) {}

  @inline(__always)
  static func finish(
    _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
    count: Int
  ) {}
}

#if KERNELS_AVX2 || KERNELS_AVX512BF16
  /// bf16, summed in 32-bit floats.
  ///
  /// With instructions for it, a product takes both numbers of a pair. Without, a pass makes floats of
  /// the first numbers of all pairs, and another one of the second.
  enum BF16Arithmetic: Arithmetic {
    typealias OtherSteps = PackedSteps
    @inline(__always) static var quantum: Int { 2 }
    @inline(__always) static var inputBytes: Int { 2 }
    @inline(__always) static var outputBytes: Int { 2 }
    @inline(__always) static var readsRest: Bool { true }

    @inline(__always)
    static func input(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector {
      part(Vector(repeating: Float(bitPattern: pointer.loadUnaligned(as: UInt32.self))), pass)
    }

    @inline(__always)
    static func first(_ pointer: UnsafeRawPointer) -> Vector {
      let first = UInt32(pointer.loadUnaligned(as: UInt16.self))
      return part(Vector(repeating: Float(bitPattern: first)), 0)
    }

    @inline(__always)
    static func weights(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector {
      part(load(pointer), pass)
    }

    #if KERNELS_AVX512BF16
      @inline(__always) static var passes: Int { 1 }

      @inline(__always)
      private static func part(_ pairs: Vector, _ pass: Int) -> Vector { pairs }

      @inline(__always)
      static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
        cvector_dot_bf16_16(sum, input, weights)
      }
    #else
      @inline(__always) static var passes: Int { 2 }

      @inline(__always)
      private static func part(_ pairs: Vector, _ pass: Int) -> Vector {
        pass == 0 ? cvector_first_bf16_8(pairs) : cvector_second_bf16_8(pairs)
      }

      @inline(__always)
      static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
        multiplyAdd(sum, input, weights)
      }
    #endif

    @inline(__always)
    static func finish(
      _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int
    ) {
      let sum = output.rectifies ? rectified(sum) : sum
      #if KERNELS_AVX512BF16
        cvector_store_bf16_16(sum, pointer)
      #else
        cvector_store_bf16_8(sum, pointer)
      #endif
    }

    @inline(__always)
    static func finish(
      _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
      count: Int
    ) {
      let sum = output.rectifies ? rectified(sum) : sum
      #if KERNELS_AVX512BF16
        cvector_store_first_bf16_16(sum, pointer, count)
      #else
        cvector_store_first_bf16_8(sum, pointer, count)
      #endif
    }
  }
#endif
