// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Measuring

/// One round of one case: both builds in the same slice of time.
public struct GateRound: Sendable {
  /// Index of the case.
  public var problem: Int
  /// In which run over the case.
  public var stage: GateStage
  /// Number of the session: a fresh process of each build.
  public var session: Int
  /// Number of the round inside the session.
  public var round: Int
  /// Which build came first.
  public var first: GateSide
  /// Iterations of each build.
  public var iterations: Int
  /// Iterations before those, without a clock.
  public var warmUp = 0
  /// Nanoseconds of one iteration in the other build.
  public var baseNanoseconds: Double
  /// Nanoseconds of one iteration in the new build.
  public var newNanoseconds: Double
  /// Why the round is marked; empty where it is not.
  public var causes: [Disturbance.Cause]
  /// Whether it is part of its session's value: the rule of a run, see `CalmRounds`.
  public var counts: Bool { causes.isEmpty }

  /// How long the longer of the two visits took.
  var visitNanoseconds: Double { max(baseNanoseconds, newNanoseconds) * Double(iterations) }

  /// Base over new: above 0 the new build is faster.
  public var logSpeedup: Double { log(baseNanoseconds) - log(newNanoseconds) }
}
