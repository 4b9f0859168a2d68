// SPDX-License-Identifier: Apache-2.0

/// Why a build has no time for a case.
public enum BuildFailure: Error, Hashable, Sendable {
  /// It says that it cannot compute it.
  case unsupported(String)
  /// It should, but something went wrong.
  case failed(String)
  /// Its process ended before it was told to, by itself or by a signal.
  case ended(String)

  /// The reason in words.
  public var reason: String {
    switch self {
    case .unsupported(let reason), .failed(let reason), .ended(let reason): reason
    }
  }
}
