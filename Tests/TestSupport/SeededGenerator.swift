// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// Reproducible random numbers, so that a failure can be repeated from the seed it prints.
public struct SeededGenerator: RandomNumberGenerator {
  /// What it began with.
  public let seed: UInt64
  private var numbers: SplitMix64

  /// A generator for `seed`; any seed is fine.
  public init(seed: UInt64) {
    self.seed = seed
    numbers = SplitMix64(seed: seed)
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 { numbers.next() }
}
