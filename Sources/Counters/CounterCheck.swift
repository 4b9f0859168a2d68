// SPDX-License-Identifier: Apache-2.0

/// What a counter showed of work whose count is known.
public struct CounterCheck: Hashable, Sendable {
  /// How measured and expected compare.
  public enum Outcome: Hashable, Sendable {
    /// The count is in the accepted range.
    case agrees
    /// It is not.
    case disagrees
    /// There was nothing to compare, for this reason.
    case skipped(String)
  }

  /// The event that was checked.
  public var event: CounterEvent
  /// What was done, in words.
  public var work: String
  /// The count that the work causes; nil where it was not done.
  public var expected: Double?
  /// The counts that pass.
  public var accepted: ClosedRange<Double>?
  /// What was counted.
  public var reading: CounterReading
  /// How they compare.
  public var outcome: Outcome
  /// How often the work was done and counted; what stands here is of the last time.
  public var attempts = 1
}
