// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Suites

extension RunOptions {
  static let typeOption = Option(
    "--dt", "TYPE", "compute in this data type: \(DataType.accepted) (default: the suite's)")

  /// The data type that the arguments ask for; nil where they leave it to what they name.
  static func dataType(_ arguments: Arguments) throws(UsageError) -> DataType? {
    try arguments.parsed(typeOption.name, accepted: DataType.accepted) { DataType(option: $0) }
  }

  /// The suites in the data type that the arguments ask for.
  static func typed(
    _ suites: [Suite], _ arguments: Arguments
  ) throws(UsageError) -> [Suite] {
    guard let type = try dataType(arguments) else { return suites }
    return try suites.map { (suite) throws(UsageError) in
      guard let typed = suite.computed(in: type) else {
        throw .invalidValue(
          option: typeOption.name, value: type.rawValue,
          accepted: "f32 for the suite \(suite.name), which has blocks")
      }
      return typed
    }
  }
}
