// SPDX-License-Identifier: Apache-2.0

/// Counts where along a padded axis the taps of all outputs fall, without visiting them: a kernel
/// may be 2²⁸ wide.
struct TapCount {
  /// Outputs along the axis.
  let positions: Int
  /// Stride.
  let step: Int
  /// Taps of the kernel.
  let taps: Int
  /// Dilation.
  let distance: Int

  /// The pairs of an output `p` and a tap `k` with `p·step + k·distance < limit`.
  /// - Requires: sizes that a `ConvolutionProblem` has, so that nothing overflows.
  func below(_ limit: Int) -> Int {
    guard limit > 0 else { return 0 }
    // Taps that any output has below the limit, and among them those that all outputs have.
    let some = min(taps, Self.ceiling(limit, distance))
    let whole = min(some, Self.ceiling(max(0, limit - (positions - 1) * step), distance))
    let first = limit - (some - 1) * distance + step - 1
    return whole * positions
      + Self.floorSum(count: some - whole, divisor: step, slope: distance, start: first)
  }

  private static func ceiling(_ value: Int, _ divisor: Int) -> Int {
    (value + divisor - 1) / divisor
  }

  /// The sum of `⌊(slope·i + start) / divisor⌋` over `0 ≤ i < count`, none of them negative.
  ///
  /// As Euclid's algorithm: the sum counts lattice points below a line, and exchanging the axes
  /// leaves the remainders. *Source:* Graham, Knuth, Patashnik: Concrete Mathematics, 3.5.
  private static func floorSum(count: Int, divisor: Int, slope: Int, start: Int) -> Int {
    var (count, divisor, slope, start) = (count, divisor, slope, start)
    var sum = 0
    while count > 0 {
      sum += count * (count - 1) / 2 * (slope / divisor) + count * (start / divisor)
      slope %= divisor
      start %= divisor
      let end = slope * count + start
      guard end >= divisor else { break }
      count = end / divisor
      start = end % divisor
      (divisor, slope) = (slope, divisor)
    }
    return sum
  }
}
