// SPDX-License-Identifier: Apache-2.0

internal import CVector

#if KERNELS_AVX2 || KERNELS_AVX512BF16
  /// Unsigned bytes times signed ones, summed in 32-bit integers; an output is a scaled sum, rounded and
  /// bounded to a byte.
  ///
  /// With instructions for it, a product takes all four numbers of a quantum. Without, a pass makes 16-bit
  /// integers of two of them, whose products and their sum never saturate, and another one of the others.
  /// Channels that fill no quantum are read with what lies behind: its weights are zero.
  enum U8S8Arithmetic: Arithmetic {
    typealias OtherSteps = PackedSteps
    @inline(__always) static var quantum: Int { 4 }
    @inline(__always) static var inputBytes: Int { 1 }
    @inline(__always) static var outputBytes: Int { 1 }
    @inline(__always) static var isCompensated: Bool { true }

    @inline(__always)
    static func input(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector {
      let bytes = Vector(
        repeating: Float(bitPattern: pointer.loadUnaligned(as: UInt32.self)))
      #if KERNELS_AVX512BF16
        return bytes
      #else
        return pass == 0 ? cvector_even_u8_8(bytes) : cvector_odd_u8_8(bytes)
      #endif
    }

    @inline(__always)
    static func weights(_ pointer: UnsafeRawPointer, _ pass: Int) -> Vector {
      #if KERNELS_AVX512BF16
        return load(pointer)
      #else
        return pass == 0 ? cvector_even_s8_8(load(pointer)) : cvector_odd_s8_8(load(pointer))
      #endif
    }

    #if KERNELS_AVX512BF16
      @inline(__always) static var passes: Int { 1 }

      @inline(__always)
      static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
        cvector_dot_u8_s8_16(sum, input, weights)
      }

      @inline(__always)
      static func join(_ sum: Vector, _ other: Vector) -> Vector {
        cvector_add_s32_16(sum, other)
      }
    #else
      @inline(__always) static var passes: Int { 2 }

      @inline(__always)
      static func add(_ sum: Vector, _ input: Vector, _ weights: Vector) -> Vector {
        cvector_dot_pairs8(sum, input, weights)
      }

      @inline(__always)
      static func join(_ sum: Vector, _ other: Vector) -> Vector { cvector_add_s32_8(sum, other) }
    #endif

    @inline(__always)
    static func finish(
      _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int
    ) {
      let scale = load(output.scales + vector &* MemoryLayout<Vector>.size)
      let (low, high, zero) = (output.lowest, output.highest, output.zero)
      #if KERNELS_AVX512BF16
        cvector_store_u8_16(sum, scale, low, high, zero, pointer)
      #else
        cvector_store_u8_8(sum, scale, low, high, zero, pointer)
      #endif
    }

    @inline(__always)
    static func finish(
      _ sum: Vector, _ pointer: UnsafeMutableRawPointer, _ output: NarrowOutput, vector: Int,
      count: Int
    ) {
      let scale = load(output.scales + vector &* MemoryLayout<Vector>.size)
      let (low, high, zero) = (output.lowest, output.highest, output.zero)
      #if KERNELS_AVX512BF16
        cvector_store_first_u8_16(sum, scale, low, high, zero, pointer, count)
      #else
        cvector_store_first_u8_8(sum, scale, low, high, zero, pointer, count)
      #endif
    }
  }
#endif
