// SPDX-License-Identifier: Apache-2.0

/// Variants that are set against each other on every case of a suite.
public struct KernelComparison: Hashable, Sendable {
  /// Globs over the ids of the variants that are compared with.
  public var baseline: [String]
  /// Globs over the ids of the variants whose gain is asked for.
  public var contender: [String]

  /// Contenders against baselines.
  public init(baseline: [String], contender: [String]) {
    self.baseline = baseline
    self.contender = contender
  }
}
