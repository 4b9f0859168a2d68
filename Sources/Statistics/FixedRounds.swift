// SPDX-License-Identifier: Apache-2.0

/// Stops after a number of rounds.
public struct FixedRounds: StoppingCriterion, Hashable {
  /// The number of rounds.
  public let count: Int
  private var rounds = 0

  /// A criterion that ends with round number `count`.
  /// - Requires: `count >= 1`.
  public init(_ count: Int) {
    precondition(count >= 1)
    self.count = count
  }

  /// Stops at round number `count`.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    rounds += 1
    return rounds >= count ? .rounds : nil
  }
}
