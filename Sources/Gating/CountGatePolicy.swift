// SPDX-License-Identifier: Apache-2.0

public import Comparing
internal import Measuring

/// What a gate by counts calls a regression.
public struct CountGatePolicy: Codable, Hashable, Sendable {
  /// Limit of the events that have none of their own, as a share.
  public var limit = CountLimits.defaultShare
  /// Limits of events by name, as shares.
  public var limits: [String: Double]
  /// Growth by fewer events than this is none.
  public var leastGrowth = CountLimits.leastGrowth
  /// What becomes of cases without counts.
  public var inconclusive: GatePolicy.Inconclusive

  /// A policy with limits for the events named, and for those that have one of their own.
  public init(limits: [String: Double] = [:], inconclusive: GatePolicy.Inconclusive = .pass) {
    self.limits = CountLimits.ownShares.merging(limits) { $1 }
    self.inconclusive = inconclusive
  }

  var countLimits: CountLimits { CountLimits(limits) }

  private enum CodingKeys: String, CodingKey {
    case limit, limits, inconclusive
    case leastGrowth = "least_growth"
  }
}
