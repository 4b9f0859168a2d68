// SPDX-License-Identifier: Apache-2.0

public import Convolution

/// What the arithmetic promises of a contender, as ratios contender over baseline; nil where one of
/// them has none of it, as a pooling has no multiply-accumulates.
public struct Promise: Hashable, Sendable {
  /// Multiply-accumulates.
  public var macRatio: Rate?
  /// Filter weights.
  public var parameterRatio: Rate?
  /// Compulsory traffic.
  public var trafficRatio: Rate?

  /// How many times as many multiply-accumulates the contender's instructions do in the same time: other
  /// than 1 where it multiplies another data type.
  public var instructionRatio: Double

  /// The promise of `contender` against `baseline`.
  public init(baseline: CostModel, contender: CostModel, instructionRatio: Double = 1) {
    self.instructionRatio = instructionRatio
    macRatio = Rate(contender.macs, per: baseline.macs)
    parameterRatio = Rate(contender.parameters, per: baseline.parameters)
    trafficRatio = Rate(contender.trafficBytes, per: baseline.trafficBytes)
  }

  /// The measured speedup as a share of the promised one: 1 is a promise kept.
  public func realised(speedup measured: Double) -> Rate? {
    macRatio.flatMap { Rate(measured * $0.value / instructionRatio) }
  }

  /// Why nothing is promised; nil where something is.
  public var reason: String? {
    macRatio == nil ? "without multiply-accumulates on both sides nothing is promised" : nil
  }
}
