// SPDX-License-Identifier: Apache-2.0

/// A quantity computed from a group's counts.
public struct DerivedMetric: Hashable, Sendable {
  /// What it is called, such as `IPC`.
  public var name: String
  /// Its unit, such as `instructions/cycle`.
  public var unit: String
  /// How it is computed.
  public var formula: MetricFormula

  /// A metric.
  public init(name: String, unit: String, formula: MetricFormula) {
    self.name = name
    self.unit = unit
    self.formula = formula
  }
}
