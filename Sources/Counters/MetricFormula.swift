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
