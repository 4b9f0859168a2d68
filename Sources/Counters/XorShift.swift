// SPDX-License-Identifier: Apache-2.0

/// Reproducible random bits.
///
/// *Source:* Marsaglia, Xorshift RNGs, Journal of Statistical Software 8(14), 2003.
struct XorShift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
