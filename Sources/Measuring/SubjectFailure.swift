// SPDX-License-Identifier: Apache-2.0

/// Why an entry cannot be measured; becomes a row's status and reason.
enum SubjectFailure: Error {
  /// The contender cannot do what was asked.
  case unsupported(String)
  /// It should, but something went wrong.
  case failed(String)
  /// Somebody asked to stop while it was at work.
  case interrupted
}

extension SubjectFailure: CustomStringConvertible {
  /// The reason alone.
  var description: String {
    switch self {
    case .unsupported(let reason), .failed(let reason): reason
    case .interrupted: "it was stopped"
    }
  }
}
