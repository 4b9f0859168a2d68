// SPDX-License-Identifier: Apache-2.0

/// Reproducible random numbers, so that a failure can be repeated from the seed it prints.
///
/// - Source: Steele, Lea and Flood, OOPSLA 2014 (SplitMix64).
public struct SeededGenerator: RandomNumberGenerator {
  /// What it began with.
  public let seed: UInt64
  private var state: UInt64

  /// A generator for `seed`; any seed is fine.
  public init(seed: UInt64) {
    self.seed = seed
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
}
