// SPDX-License-Identifier: Apache-2.0

internal import Planning

/// A known share of repeated work, so that whoever judges can be shown what to find.
///
/// Off unless asked for: nothing that is measured for its own sake uses it. Data, so that a run's
/// fresh processes get it as well.
public struct SlowDown: Codable, Hashable, Sendable {
  /// The share of the tasks that runs again: 0.03 is a slowdown of 3 %, however few tasks there are.
  public let share: Double
  /// A glob over the descriptors of the problems that are slowed.
  public let pattern: String

  /// A slowdown by `share` of the problems whose descriptor `pattern` matches.
  /// - Requires: `share` from 0 to 1.
  public init(share: Double, pattern: String) {
    precondition(share >= 0 && share <= 1)
    self.share = share
    self.pattern = pattern
  }

  /// Whether a problem, by its descriptor, is slowed.
  public func matches(_ descriptor: String) -> Bool { Glob(pattern).matches(descriptor) }
}
