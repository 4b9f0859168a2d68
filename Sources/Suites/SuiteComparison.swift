// SPDX-License-Identifier: Apache-2.0

/// Two cases of a suite that are set against each other.
public struct SuiteComparison: Hashable, Sendable {
  /// What names it in the suite and in the CSV.
  public var name: String
  /// The name of the case that is compared with.
  public var baselineCase: String
  /// The name of the case whose gain is asked for.
  public var contenderCase: String
  /// The axis values from which it was made.
  public var axes: [String: String]

  /// A comparison.
  public init(
    name: String, baselineCase: String, contenderCase: String, axes: [String: String] = [:]
  ) {
    self.name = name
    self.baselineCase = baselineCase
    self.contenderCase = contenderCase
    self.axes = axes
  }
}
