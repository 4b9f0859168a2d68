// SPDX-License-Identifier: Apache-2.0

/// Stops as soon as one of several criteria does; of two in the same round, the one named first
/// gives the reason.
public struct FirstOf: StoppingCriterion {
  /// The criteria, in order of precedence.
  public private(set) var criteria: [any StoppingCriterion]

  /// A criterion that stops with the first of `criteria`.
  public init(_ criteria: [any StoppingCriterion]) {
    self.criteria = criteria
  }

  /// Shows the round to every criterion, also to those behind one that fires, and gives the first
  /// reason.
  public mutating func observe(_ round: RoundObservation) -> StopReason? {
    var reason: StopReason?
    for index in criteria.indices {
      let own = criteria[index].observe(round)
      reason = reason ?? own
    }
    return reason
  }
}
