// SPDX-License-Identifier: Apache-2.0

extension GateReport {
  /// What the whole gate comes to.
  public enum Outcome: String, Codable, Sendable {
    /// Nothing became slower, as far as could be seen.
    case passed
    /// At least one case became slower.
    case regression
    /// The new build computes something wrongly.
    case wrong
    /// Too little was decided, or nothing can be compared.
    case inconclusive
    /// Something that the other build computes fails in the new one.
    case failed
    /// Stopped before its end.
    case interrupted

    /// The exit code that belongs to it.
    public var exitCode: Int {
      switch self {
      case .passed: 0
      case .failed: 1
      case .regression: 2
      case .wrong: 3
      case .inconclusive: 4
      case .interrupted: 130
      }
    }
  }
}
