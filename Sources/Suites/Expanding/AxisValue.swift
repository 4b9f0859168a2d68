// SPDX-License-Identifier: Apache-2.0

/// What an axis stands for in one case.
enum AxisValue: Hashable, Sendable {
  /// A number, with which placeholders can calculate.
  case integer(Int)
  /// A text, which placeholders insert as it is.
  case text(String)
}

extension AxisValue: CustomStringConvertible {
  /// The value as it stands in descriptors, names and CSV.
  var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .text(let value): value
    }
  }
}
