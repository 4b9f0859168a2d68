// SPDX-License-Identifier: Apache-2.0

/// Stops when the widest interval has itself stopped changing: more rounds would cost time and
/// leave the answer as it is.
///
/// Stable means that over the last `window` rounds the widths' standard deviation is at most
/// `tolerance` of their mean. Under steady noise a width shrinks with the square root of the
/// rounds, which the defaults call stable after about 190 rounds.
public struct StableNoise: StoppingCriterion, Hashable {
  /// Rounds looked back.
  public let window: Int
  /// Standard deviation of the widths, relative to their mean, that counts as stable.
  public let tolerance: Double
  private var widths: [Double] = []

  /// A criterion that looks back `window` rounds.
  /// - Requires: `window >= 2` and `tolerance >= 0`.
  public init(window: Int = 64, tolerance: Double = 0.05) {
    precondition(window >= 2 && tolerance >= 0)
    self.window = window
    self.tolerance = tolerance
  }

  /// Stops at the first round whose window is full and stable; a round without an interval
  /// starts the window again.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    guard let widest = round.widest else {
      widths.removeAll()
      return nil
    }
    widths.append(widest)
    if widths.count > window { widths.removeFirst() }
    return widths.count == window && isStable ? .noiseStable : nil
  }

  private var isStable: Bool {
    let mean = widths.reduce(0, +) / Double(window)
    let variance = widths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(window - 1)
    return variance.squareRoot() <= tolerance * mean
  }
}
