// SPDX-License-Identifier: Apache-2.0

/// What a contender says about iterations that it computed.
public struct ServedRun: Hashable, Sendable {
  /// Nanoseconds of all iterations together, by the contender's own clock.
  public var nanoseconds: Double
  /// Nanoseconds that its workers were ready and did not run; nil where it does not say.
  public var waitedNanoseconds: Double?
  /// How often a worker had to give up its CPU; nil where it does not say.
  public var contextSwitches: Int?
  /// Nanoseconds that a hypervisor took from its CPUs; nil where it does not say.
  public var stolenNanoseconds: Double?
  /// How often a worker changed its CPU; nil where it does not say.
  public var migrations: Int?

  /// A time, with what else is known about it.
  public init(
    nanoseconds: Double, waitedNanoseconds: Double? = nil, contextSwitches: Int? = nil,
    migrations: Int? = nil, stolenNanoseconds: Double? = nil
  ) {
    self.nanoseconds = nanoseconds
    self.waitedNanoseconds = waitedNanoseconds
    self.contextSwitches = contextSwitches
    self.migrations = migrations
    self.stolenNanoseconds = stolenNanoseconds
  }
}
