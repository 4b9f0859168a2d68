// SPDX-License-Identifier: Apache-2.0

/// A number in bf16: the upper half of a 32-bit float.
public struct BFloat16: BitwiseCopyable, Hashable, Sendable {
  /// Sign, 8 bits of exponent, 7 bits of significand.
  public var bits: UInt16

  /// The number of this bit pattern.
  @inlinable
  public init(bits: UInt16) { self.bits = bits }

  /// The nearest number, of two equally near ones that with an even last bit; infinity beyond the largest.
  ///
  /// NaN stays NaN and becomes quiet.
  @inlinable
  public init(_ value: Float) {
    let pattern = value.bitPattern
    if value.isNaN {
      bits = UInt16(truncatingIfNeeded: pattern >> 16) | 0x40
    } else {
      let even = pattern >> 16 & 1
      bits = UInt16(truncatingIfNeeded: (pattern &+ 0x7FFF &+ even) >> 16)
    }
  }

  /// The same number as a 32-bit float.
  @inlinable
  public var value: Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The largest finite number.
  public static let greatestFiniteMagnitude = BFloat16(bits: 0x7F7F)
  /// Half the distance from 1 to the next number: what a result is rounded by at most, as a share.
  public static let roundingUnit = 0x1p-8
}
