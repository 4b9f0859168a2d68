// SPDX-License-Identifier: Apache-2.0

internal import Planning
internal import Suites

/// An entry of a plan as a simulating child process reports it.
public struct SimulatedRow: Codable, Hashable, Sendable {
  /// The suite.
  public var suite: String
  /// The case's name.
  public var caseName: String
  /// The variant that computed it.
  public var kernel: String
  /// Workers; only one is simulated.
  public var workers: Int
  /// State of the caches.
  public var cache: String
  /// Number of the file that has its counts; nil where it has none.
  public var dump: Int?
  /// Why it has none; nil where it has.
  public var reason: String?

  /// A row as a stored run has it.
  public init(suite: String, caseName: String, kernel: String, workers: Int, cache: String) {
    self.suite = suite
    self.caseName = caseName
    self.kernel = kernel
    self.workers = workers
    self.cache = cache
  }

  /// A row of `entry` without counts yet.
  init(_ entry: PlanEntry, suite: String) {
    self.suite = suite
    caseName = entry.suiteCase.name
    kernel = entry.contender.kernel
    workers = entry.workers
    cache = entry.cache.rawValue
  }

  /// Whether it is about the same thing.
  func isSame(as other: SimulatedRow) -> Bool {
    (suite, caseName, kernel, workers, cache)
      == (other.suite, other.caseName, other.kernel, other.workers, other.cache)
  }

  /// Whether it is about the same case, whatever computes it.
  func isSameCase(as other: SimulatedRow) -> Bool {
    (suite, caseName, workers, cache) == (other.suite, other.caseName, other.workers, other.cache)
  }
}
