// SPDX-License-Identifier: Apache-2.0

/// Decides when to stop measuring.
public protocol StoppingCriterion: Sendable {
  /// Takes note of a finished round and says whether it was the last: the reason, or nil to go on.
  ///
  /// Called once after every round, also after a criterion beside this one has fired.
  mutating func observe(_ round: RoundObservation) -> StopReason?
}
