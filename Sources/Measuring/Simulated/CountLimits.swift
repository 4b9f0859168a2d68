// SPDX-License-Identifier: Apache-2.0

/// By how much simulated counts may grow.
public struct CountLimits: Hashable, Sendable {
  /// Share for events that have no limit of their own: two runs of one build differ by far less,
  /// and less than this is not worth anybody's time.
  public static let defaultShare = 0.005
  /// Shares for events that need one of their own, whatever the user asks for the others.
  ///
  /// Misses of the first level depend on where stack and small objects lie beside the tensors, which
  /// any change of the program moves: one build at six places differed by up to 21 % in a case with
  /// 2000 misses, and in nothing but these.
  public static let ownShares = ["PAPI_L1_DCM": 0.25]
  /// Growth by fewer events than this is none: a last level that misses 3 times and then 4 is the
  /// same.
  public static let leastGrowth = 100.0

  /// The limits of events that have their own, as shares.
  public let shares: [String: Double]

  /// Limits of the events named; the others have `defaultShare`.
  public init(_ shares: [String: Double] = [:]) {
    self.shares = shares
  }

  /// The limit of an event, as a share.
  public func share(of event: String) -> Double { shares[event] ?? Self.defaultShare }
}
