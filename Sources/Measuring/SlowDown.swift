// SPDX-License-Identifier: Apache-2.0

/// A known share of repeated work, so that a gate can be shown what it should find.
///
/// Off unless asked for: nothing that is measured for its own sake uses it.
public struct SlowDown: Sendable {
  /// The share of the tasks that runs again: 0.03 is a slowdown of 3 %, however few tasks there are.
  public let share: Double
  /// Whether a problem, by its descriptor, is slowed.
  public let matches: @Sendable (String) -> Bool

  /// A slowdown by `share` of the problems that `matches` accepts.
  /// - Requires: `share` from 0 to 1.
  public init(share: Double, matches: @escaping @Sendable (String) -> Bool) {
    precondition(share >= 0 && share <= 1)
    self.share = share
    self.matches = matches
  }
}
