// SPDX-License-Identifier: Apache-2.0

/// What a paper measured of a suite's question, to stand beside what is measured here.
public struct PublishedFigures: Hashable, Sendable {
  /// The hardware on which it was measured.
  public var hardware: String
  /// The paper and its table.
  public var source: String
  /// With what a speedup is compared to see which way it points.
  public var reference: Reference
  /// Baseline time over contender time, by the name of the comparison.
  public var speedups: [String: Speedup]
  /// The share of the variance of time that a cost explains.
  public var explained: [CostKind: Double]

  /// Figures of one table.
  public init(
    hardware: String, source: String, reference: Reference = .baseline,
    speedups: [String: Speedup] = [:], explained: [CostKind: Double] = [:]
  ) {
    self.hardware = hardware
    self.source = source
    self.reference = reference
    self.speedups = speedups
    self.explained = explained
  }

  /// With what a speedup is compared.
  public enum Reference: String, CaseIterable, Hashable, Sendable {
    /// The baseline's time: the rule says that the contender is faster, or slower.
    case baseline
    /// What the multiply-accumulates promise: the rule says that more is realised than that, or less.
    case macs
  }

  /// A speedup as a paper gives it.
  public enum Speedup: Hashable, Sendable {
    /// Baseline time over contender time.
    case factor(Double)
    /// No number, only which way it points.
    case direction(Direction)
  }

  /// Which way a speedup points.
  public enum Direction: String, CaseIterable, Hashable, Sendable {
    /// The contender takes less time.
    case faster
    /// The contender takes more time.
    case slower
  }
}
