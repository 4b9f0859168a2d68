// SPDX-License-Identifier: Apache-2.0

internal import Boundary

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
    self.name = ShownText.line(name)
    self.baselineCase = ShownText.line(baselineCase)
    self.contenderCase = ShownText.line(contenderCase)
    self.axes = axes.mapValues(ShownText.line)
  }
}
