// SPDX-License-Identifier: Apache-2.0

public import Comparing
public import Foundation
public import Measuring

/// What a gate by simulated counts found: gate.json of `gate --counts`.
public struct CountGateReport: Codable, Hashable, Sendable {
  /// Version of this file, raised when it changes in a way that readers notice.
  public var schema = 1
  /// Tells this file from that of a gate by times.
  public var kind = "counts"
  /// The program's version.
  public var version: String
  /// When the gate began, ISO 8601 in UTC.
  public var startedAt: String
  /// How long it took, in seconds.
  public var seconds = 0.0
  /// What the new build was compared with, as it was named.
  public var against: String
  /// CPU model and core count, whose caches were simulated.
  public var machine: String
  /// What was compared with what: git revisions and programs, as far as known.
  public var builds: [String: String]
  /// What counts as a regression.
  public var policy: CountGatePolicy
  /// What it came to.
  public var outcome = GateReport.Outcome.inconclusive
  /// The exit code.
  public var exitCode = GateReport.Outcome.inconclusive.exitCode
  /// What differs in the surroundings of a stored baseline.
  public var differences: [EnvironmentDifference] = []
  /// What else must be known of what was counted; nil where nothing is.
  public var remark: String?
  /// Simulations that ended before their last entry, and why.
  public var earlyEnds: [String] = []
  /// The cases, in the order of the suites.
  public var cases: [CountGateCase] = []

  /// A report without cases.
  public init(
    version: String, startedAt: String, against: String, machine: String,
    builds: [String: String], policy: CountGatePolicy
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
    case schema, kind, version, seconds, against, machine, builds, policy, outcome, differences
    case cases, remark
    case startedAt = "started_at"
    case exitCode = "exit_code"
    case earlyEnds = "early_ends"
  }
}

extension CountGateReport {
  /// Compares the counts of two builds and concludes; the worst news decides.
  public mutating func conclude(
    base: SimulatedCounts, new: SimulatedCounts, isInterrupted: Bool = false
  ) {
    cases = CountGateCase.cases(of: new.differences(from: base, limits: policy.countLimits))
    earlyEnds = [("base", base.earlyEnd), ("new", new.earlyEnd)].compactMap { name, reason in
      reason.map { "\(name): \($0)" }
    }
    outcome = outcome(hasNewEnded: new.earlyEnd == nil, isInterrupted: isInterrupted)
    exitCode = outcome.exitCode
  }

  private func outcome(hasNewEnded: Bool, isInterrupted: Bool) -> GateReport.Outcome {
    if cases.contains(where: { $0.verdict == .more }) { return .regression }
    if isInterrupted { return .interrupted }
    if !hasNewEnded || cases.contains(where: { $0.status == .failed }) { return .failed }
    let judged = cases.filter { $0.status == .ok }
    if judged.isEmpty { return .inconclusive }
    return policy.inconclusive == .fail && judged.count < cases.count ? .inconclusive : .passed
  }
}
