// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// A program that computes a suite's cases in a process of its own.
public struct ExternalContender: Hashable, Sendable {
  /// What names it in the suite and in the CSV.
  public var name: String
  /// The program and its arguments.
  public var exec: [String]

  /// A program that is started as `exec`.
  public init(name: String, exec: [String]) {
    self.name = ShownText.line(name)
    self.exec = exec
  }
}
