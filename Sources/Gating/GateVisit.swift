// SPDX-License-Identifier: Apache-2.0

public import Measuring

/// One visit to a case in one of the builds.
public struct GateVisit: Hashable, Sendable {
  /// Iterations that are timed.
  public var iterations: Int
  /// Iterations before them; nil for none, where the way to the steady state is looked at.
  public var warmUp: WarmUp?
  /// Whether the warm-up is a request of its own: where one of the two builds is too old to know of
  /// it, so that both do the same.
  public var isApart: Bool

  /// A visit.
  public init(iterations: Int, warmUp: WarmUp?, isApart: Bool = false) {
    self.iterations = iterations
    self.warmUp = warmUp
    self.isApart = isApart
  }
}
