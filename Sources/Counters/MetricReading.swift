// SPDX-License-Identifier: Apache-2.0

/// A derived metric's value, or why there is none.
public struct MetricReading: Hashable, Sendable {
  /// The metric's name.
  public var name: String
  /// The metric's unit.
  public var unit: String
  /// The value; nil where there is none.
  public var value: Double?
  /// Why there is no value; nil where there is one.
  public var reason: String?
}
