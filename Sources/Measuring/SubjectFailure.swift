// SPDX-License-Identifier: Apache-2.0

/// Why an entry cannot be measured; becomes a row's status and reason.
public enum SubjectFailure: Error, Hashable, Sendable {
  /// The contender cannot do what was asked.
  case unsupported(String)
  /// It should, but something went wrong.
  case failed(String)
  /// Its process ended before it was told to, by itself or by a signal.
  case ended(String)
  /// It gives a wrong output.
  case wrong(String)
  /// Somebody asked to stop while it was at work.
  case interrupted
}

extension SubjectFailure {
  /// Whether the contender says that it cannot do what was asked.
  public var isRefusal: Bool { if case .unsupported = self { true } else { false } }
}

extension SubjectFailure: CustomStringConvertible {
  /// The reason alone.
  public var description: String {
    switch self {
    case .unsupported(let reason), .failed(let reason), .ended(let reason), .wrong(let reason):
      reason
    case .interrupted: "it was stopped"
    }
  }
}
