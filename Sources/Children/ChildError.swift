// SPDX-License-Identifier: Apache-2.0

/// Why a child process did not come to be.
public enum ChildError: Error, Hashable, Sendable {
  /// The system refused to start the command, for this reason.
  case notStarted([String], reason: String)

  /// The reason in the system's words.
  public var reason: String {
    switch self {
    case .notStarted(_, let reason): reason
    }
  }
}

extension ChildError: CustomStringConvertible {
  /// One line that names the program.
  public var description: String {
    switch self {
    case .notStarted(let words, let reason): "cannot start ‘\(words.first ?? "")’: \(reason)"
    }
  }
}
