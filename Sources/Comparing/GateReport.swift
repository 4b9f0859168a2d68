// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What a gate found: gate.json.
public struct GateReport: Codable, Hashable, Sendable {
  /// Raised when the file changes in a way that readers notice.
  public static let currentSchema = 1

  /// Version of this file.
  public var schema = currentSchema
  /// The program's version.
  public var version: String
  /// When the gate began, ISO 8601 in UTC.
  public var startedAt: String
  /// How long it took, in seconds.
  public var seconds = 0.0
  /// What the new build was compared with, as it was named.
  public var against: String
  /// CPU model and core count.
  public var machine: String
  /// What was compared with what: git revisions and programs, as far as known.
  public var builds: [String: String]
  /// Where the machine code of the builds differs, or why that is not known; nil where nobody
  /// looked.
  public var code: String?
  /// What counts as a regression.
  public var policy: GatePolicy
  /// What it came to.
  public var outcome = Outcome.inconclusive
  /// The exit code.
  public var exitCode = Outcome.inconclusive.exitCode
  /// Smallest slowdown that would have been caught in every judged case, as a fraction.
  public var detectableSlowdown: Double?
  /// Geometric mean of new time over base time of the judged cases.
  public var timeRatio: Double?
  /// All cases together; nil where they were not judged so.
  public var overall: GateOverall?
  /// What differs in the surroundings of a stored baseline.
  public var differences: [EnvironmentDifference] = []
  /// The sessions that were run once more because a process ended before its time; nil where none
  /// was.
  public var repeatedSessions: [String]?
  /// The cases, in the order of the suites.
  public var cases: [GateCase] = []

  /// A report without cases.
  public init(
    version: String, startedAt: String, against: String, machine: String,
    builds: [String: String], policy: GatePolicy
  ) {
    self.version = version
    self.startedAt = startedAt
    self.against = against
    self.machine = machine
    self.builds = builds
    self.policy = policy
  }

  /// As JSON, with a line feed at the end.
  /// - Throws: an encoding error where a number is not finite.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(self) + Data("\n".utf8)
  }

  private enum CodingKeys: String, CodingKey {
    case schema, version, seconds, against, machine, builds, code, policy, outcome, differences,
      cases
    case startedAt = "started_at"
    case exitCode = "exit_code"
    case detectableSlowdown = "detectable_slowdown"
    case repeatedSessions = "repeated_sessions"
    case timeRatio = "time_ratio"
    case overall = "all_cases"
  }
}
