// SPDX-License-Identifier: Apache-2.0

/// A row of measurements.csv with its rounds.
public struct StoredCase: Hashable, Sendable {
  /// What was measured.
  public var key: CaseKey
  /// Problem descriptor.
  public var problem: String
  /// What became of it: the `status` column.
  public var status: String
  /// The `reason` column.
  public var reason: String
  /// Median time of an iteration in nanoseconds, as the run stated it; nil where not timed.
  public var medianNanoseconds: Double?
  /// Lower bound of the median's interval; nil where there is none.
  public var lowerNanoseconds: Double?
  /// Upper bound of the median's interval; nil where there is none.
  public var upperNanoseconds: Double?
  /// Time of an iteration in every round that counts, in the order of the rounds.
  public var samples: [Double]
  /// Rounds that were marked as disturbed, whether they count or not.
  public var disturbedRounds: Int
  /// Iterations per round.
  public var iterations: Int
  /// Multiply-accumulates of one iteration.
  public var macs: Int

  /// A comparison of two runs takes the medians of so many fresh processes from each.
  public static let leastProcesses = 6

  /// Whether there are values of enough processes.
  var hasEnoughProcesses: Bool { samples.count >= Self.leastProcesses }

  /// Whether it can be compared.
  public var isTimed: Bool { status == "ok" && !samples.isEmpty }
}
