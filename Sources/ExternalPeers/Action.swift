// SPDX-License-Identifier: Apache-2.0

/// What a request of the protocol asks for.
public enum Action: String, CaseIterable, Codable, Hashable, Sendable {
  /// Say who you are.
  case hello
  /// Make a problem ready to run.
  case prepare
  /// Compute once and write the result to a file.
  case output
  /// Compute n times and say how long it took.
  case run
  /// Forget a problem.
  case release
  /// End.
  case quit
}
