// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What the arithmetic promises of a contender, as ratios contender over baseline.
public struct Promise: Hashable, Sendable {
  /// Multiply-accumulates.
  public var macRatio: Double
  /// Filter weights.
  public var parameterRatio: Double
  /// Compulsory traffic.
  public var trafficRatio: Double

  /// The promise of `contender` against `baseline`.
  public init(baseline: CostModel, contender: CostModel) {
    macRatio = Double(contender.macs) / Double(baseline.macs)
    parameterRatio = Double(contender.parameters) / Double(baseline.parameters)
    trafficRatio = Double(contender.trafficBytes) / Double(baseline.trafficBytes)
  }

  /// The speedup that the multiply-accumulates promise.
  public var speedup: Double { 1 / macRatio }

  /// The measured speedup as a share of the promised one: 1 is a promise kept.
  public func realised(speedup measured: Double) -> Double { measured * macRatio }
}
