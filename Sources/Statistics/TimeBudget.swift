// SPDX-License-Identifier: Apache-2.0

/// Stops when the time is spent.
public struct TimeBudget: StoppingCriterion, Hashable {
  /// The time, in nanoseconds since measuring began.
  public let nanoseconds: UInt64

  /// A criterion that ends with the first round after `nanoseconds`.
  public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// Stops at the first round that ends when the budget is spent or overdrawn.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    round.elapsedNanoseconds >= nanoseconds ? .budget : nil
  }
}
