// SPDX-License-Identifier: Apache-2.0

/// How long the visits of a group are, as its first process has found it for all.
public struct GroupVisits: Codable, Hashable, Sendable {
  /// What goes before the clock, for all alike.
  public var warmUp: WarmUp
  /// Iterations of each entry, in order; 0 where it was not measured.
  public var iterations: [Int]

  /// Visits of a group.
  public init(warmUp: WarmUp, iterations: [Int]) {
    self.warmUp = warmUp
    self.iterations = iterations
  }
}
