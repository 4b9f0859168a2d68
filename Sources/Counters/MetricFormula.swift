// SPDX-License-Identifier: Apache-2.0

/// Arithmetic over counts: numbers, names, `+ - * /` and parentheses.
public indirect enum MetricFormula: Hashable, Sendable {
  /// A number.
  case number(Double)
  /// An event's alias or a variable of the measurement.
  case name(String)
  /// The negative of a formula.
  case negative(MetricFormula)
  /// Two formulas joined by an operator.
  case binary(Operator, MetricFormula, MetricFormula)

  /// The operators.
  public enum Operator: String, Hashable, Sendable {
    /// Sum.
    case plus = "+"
    /// Difference.
    case minus = "-"
    /// Product.
    case times = "*"
    /// Quotient.
    case over = "/"
  }

  /// Why a formula has no value.
  enum Undefined: Error, Hashable, Sendable {
    case missing(name: String)
    case divisionByZero
  }

  /// The value, with names standing for `values`.
  func value(of values: [String: Double]) throws(Undefined) -> Double {
    switch self {
    case .number(let number): return number
    case .name(let name):
      guard let value = values[name] else { throw .missing(name: name) }
      return value
    case .negative(let operand): return -(try operand.value(of: values))
    case .binary(let operation, let left, let right):
      return try Self.combine(
        operation, try left.value(of: values), try right.value(of: values))
    }
  }

  private static func combine(
    _ operation: Operator, _ left: Double, _ right: Double
  ) throws(Undefined) -> Double {
    switch operation {
    case .plus: return left + right
    case .minus: return left - right
    case .times: return left * right
    case .over:
      guard right != 0 else { throw .divisionByZero }
      return left / right
    }
  }
}

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
