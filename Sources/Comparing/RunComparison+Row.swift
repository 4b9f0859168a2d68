// SPDX-License-Identifier: Apache-2.0

public import Statistics

extension RunComparison {
  /// A case that both runs timed.
  public struct Row: Sendable {
    /// What was measured.
    public var first: StoredCase
    /// The same in the second run.
    public var second: StoredCase
    /// Time in the first run over that in the second: above 1 the second is faster.
    public var speedup: RatioEstimate
    /// What the speedup carries, with errors controlled over all rows.
    public var verdict: Verdict
  }
}
