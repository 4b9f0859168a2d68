// SPDX-License-Identifier: Apache-2.0

/// Stops when every interval is as narrow as asked for.
///
/// Widths are looked at after 12 rounds, then each time the rounds have grown by half: 18, 27, 41
/// and so on. Stopping at the first narrow one of *all* rounds picks intervals that are narrow by
/// luck: simulated, those of 95 % held the truth in 92 to 95 %; with these looks in 94 to 96 %, for
/// half as many rounds more.
public struct RelativeWidth: StoppingCriterion, Hashable {
  /// Half the relative width to reach: 0.01 is ±1 %.
  public let precision: Double
  private var rounds = 0
  private var nextLook: Int

  /// Rounds before the first look: at 95 %, two of them then lie beyond each bound, so that a single
  /// disturbed round does not decide the width.
  public static let defaultLeastRounds = 12

  /// A criterion that wants ± `precision`.
  /// - Requires: `precision > 0` and `leastRounds >= 1`.
  public init(precision: Double, leastRounds: Int = defaultLeastRounds) {
    precondition(precision > 0 && leastRounds >= 1)
    self.precision = precision
    nextLook = leastRounds
  }

  /// Stops at the first look at which the widest interval is narrow enough.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    rounds += 1
    guard rounds >= nextLook else { return nil }
    nextLook = rounds + (rounds + 1) / 2
    guard let widest = round.widest else { return nil }
    return widest <= 2 * precision ? .precision : nil
  }
}
