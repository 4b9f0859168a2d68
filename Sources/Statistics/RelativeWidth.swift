// SPDX-License-Identifier: Apache-2.0

/// Stops when every interval is as narrow as asked for.
public struct RelativeWidth: StoppingCriterion, Hashable {
  /// Half the relative width to reach: 0.01 is ±1 %.
  public let precision: Double
  /// Rounds before the width is trusted.
  public let leastRounds: Int
  private var rounds = 0

  /// Short series are narrow by luck, and stopping then would keep exactly the lucky ones.
  public static let defaultLeastRounds = 12

  /// A criterion that wants ± `precision`.
  /// - Requires: `precision > 0`.
  public init(precision: Double, leastRounds: Int = defaultLeastRounds) {
    precondition(precision > 0)
    self.precision = precision
    self.leastRounds = leastRounds
  }

  /// Stops at the first round, but not before `leastRounds`, whose widest interval is narrow
  /// enough.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    rounds += 1
    guard rounds >= leastRounds, let widest = round.widest else { return nil }
    return widest <= 2 * precision ? .precision : nil
  }
}
