// SPDX-License-Identifier: Apache-2.0

public import Workers

/// How finely, how long and in which order is measured.
public struct MeasuringOptions: Codable, Sendable {
  /// Half the relative width of every interval that is enough: 0.01 is ±1 %.
  public var precision: Double
  /// Seed of the tensors and of the order of the rounds.
  public var seed: UInt64
  /// How tasks are handed to workers.
  public var partition: Partition
  /// Differences below these are noise: the margins of verdicts.
  public var noiseFloor: NoiseMargins
  /// Number of this process among those that share a group's rounds; each has an order of its own.
  public var process = 0
  /// Calm rounds that end the measurement; nil goes on until an interval is narrow enough.
  public var rounds: Int?
  /// How long visits are, where an earlier process has found it; nil finds it.
  public var visits: GroupVisits?
  /// What the FMA loop reaches with so many workers that have a core each, in GFLOP/s; nil where the
  /// machine's limits are not known.
  public var peaks: [Int: Double]?
  /// Makes some cases slower on purpose, so that whoever judges the run can be tested.
  public var slowDown: SlowDown?

  /// Half of what the field calls a relevant difference.
  public static let defaultPrecision = 0.01
  /// Interleaved pairs of identical code stayed within this in 16 of 18 trials on a shared VM.
  public static let defaultNoiseFloor = 0.0064
  /// A group that has neither become precise nor stable by then goes on no longer, in seconds.
  public static let defaultGroupBudget = 20.0
  /// A visit lasts at least this long, in nanoseconds: 10⁴ times the clock's own resolution.
  public static let leastSampleNanoseconds = 250_000.0

  /// Seed of the order of the rounds.
  var orderSeed: UInt64 { seed &+ UInt64(clamping: process) &* 0x9E37_79B9_7F4A_7C15 }

  /// Whether an earlier process has checked everything, so that a sample of the outputs is enough.
  var isCheckedBefore: Bool { process > 0 }

  /// Options; what is not given is at its default.
  public init(
    precision: Double = defaultPrecision, seed: UInt64 = 1, partition: Partition = .fixed,
    noiseFloor: NoiseMargins = NoiseMargins()
  ) {
    self.precision = precision
    self.seed = seed
    self.partition = partition
    self.noiseFloor = noiseFloor
  }
}
