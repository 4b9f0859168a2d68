// SPDX-License-Identifier: Apache-2.0

/// A small seeded generator: the same seed gives the same numbers on every machine.
///
/// - Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
  private var state: UInt64

  /// A generator for `seed`; any seed is fine.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound - 1`.
  ///
  /// Not the standard library's, whose way from bits to numbers may change with its version: a
  /// schedule must come out the same from the same seed. The bias is below `bound / 2⁶⁴`.
  /// - Requires: `bound >= 1`.
  public mutating func index(below bound: Int) -> Int {
    precondition(bound >= 1)
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers from 0 to `count - 1` in random order.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, index(below: last + 1))
    }
    return order
  }
}
