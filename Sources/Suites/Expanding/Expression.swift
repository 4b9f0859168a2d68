// SPDX-License-Identifier: Apache-2.0

/// Integer arithmetic over axes, as it stands in a placeholder.
indirect enum Expression: Hashable, Sendable {
  case integer(Int)
  case name(String)
  case operation(Operator, Expression, Expression)

  /// The operators; `/` is exact, `%` is the remainder.
  enum Operator: Character, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divided = "/"
    case remainder = "%"
  }

  /// The axes that it mentions.
  var names: [String] {
    switch self {
    case .integer: []
    case .name(let name): [name]
    case .operation(_, let left, let right): left.names + right.names
    }
  }

  /// The value for the given axis values.
  /// - Throws: `ExpressionFault` where an axis is no number, or no integer is the result.
  func value(_ axes: [String: AxisValue]) throws(ExpressionFault) -> Int {
    switch self {
    case .integer(let value): return value
    case .name(let name):
      switch axes[name] {
      case .integer(let value): return value
      case .text(let text): throw ExpressionFault("\(name) is ‘\(text)’, which is no integer")
      case nil: throw ExpressionFault("\(name) has no value here")
      }
    case .operation(let operation, let left, let right):
      return try operation.apply(left.value(axes), right.value(axes))
    }
  }
}

extension Expression.Operator {
  fileprivate func apply(_ left: Int, _ right: Int) throws(ExpressionFault) -> Int {
    let result: (partialValue: Int, overflow: Bool)
    switch self {
    case .plus: result = left.addingReportingOverflow(right)
    case .minus: result = left.subtractingReportingOverflow(right)
    case .times: result = left.multipliedReportingOverflow(by: right)
    case .divided, .remainder:
      guard right != 0 else { throw ExpressionFault("\(left)\(rawValue)0 divides by zero") }
      if self == .remainder {
        result = left.remainderReportingOverflow(dividingBy: right)
      } else {
        guard left.remainderReportingOverflow(dividingBy: right).partialValue == 0 else {
          throw ExpressionFault("\(left)/\(right) is no integer; ‘where’ can leave it out")
        }
        result = left.dividedReportingOverflow(by: right)
      }
    }
    guard !result.overflow else {
      throw ExpressionFault("\(left)\(rawValue)\(right) is larger than any integer")
    }
    return result.partialValue
  }
}

/// Why an expression has no value.
struct ExpressionFault: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
