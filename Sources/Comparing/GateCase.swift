// SPDX-License-Identifier: Apache-2.0

public import Statistics

/// One case of a gate, judged: an element of `cases` in gate.json.
public struct GateCase: Codable, Hashable, Sendable {
  /// What became of a case.
  public enum Status: String, Codable, Sendable {
    /// Measured and judged.
    case ok
    /// Not measured, and for a good reason: unchanged code, or the other build cannot do it.
    case skipped
    /// The new build computes it wrongly.
    case wrong
    /// The new build cannot do what the other does, or a process failed.
    case failed
  }

  /// The suite.
  public var suite: String
  /// The case.
  public var name: String
  /// Problem descriptor.
  public var problem: String
  /// Workers that computed together.
  public var workers: Int
  /// What became of it.
  public var status: Status
  /// Why it is not `ok`, or a remark.
  public var reason = ""
  /// Whether the machine code of kernel and callers is the same in both builds; nil where it was
  /// not looked at.
  public var isUnchanged: Bool?
  /// The final verdict; nil where it was not measured.
  public var verdict: String?
  /// The first stage.
  public var screening: Stage?
  /// The second stage, in fresh processes; nil where the case was no suspect.
  public var confirmation: Stage?
  /// What identical code differs by in visits as long as these, as a fraction; nil where the policy's
  /// holds.
  public var noiseFloor: Double?
  /// Smallest slowdown that would have been caught at the confidence used, as a fraction.
  public var detectableSlowdown: Double?
  /// Median time of an iteration in the other build, in nanoseconds.
  public var baseNanoseconds: Double?
  /// Median time of an iteration in the new build, in nanoseconds.
  public var newNanoseconds: Double?
  /// What the other build computed it with.
  public var baseImplementation: String?
  /// What the new build computed it with.
  public var newImplementation: String?

  /// A case that is not judged yet.
  public init(
    suite: String, name: String, problem: String, workers: Int, status: Status = .ok,
    reason: String = ""
  ) {
    self.suite = suite
    self.name = name
    self.problem = problem
    self.workers = workers
    self.status = status
    self.reason = reason
  }

  private enum CodingKeys: String, CodingKey {
    case suite, problem, workers, status, reason, verdict, screening, confirmation
    case name = "case"
    case isUnchanged = "unchanged"
    case noiseFloor = "noise_floor"
    case detectableSlowdown = "detectable_slowdown"
    case baseNanoseconds = "base_time_ns"
    case newNanoseconds = "new_time_ns"
    case baseImplementation = "base_implementation"
    case newImplementation = "new_implementation"
  }
}

extension GateCase {
  /// The reason of a case that is not measured because both builds would do the same.
  public static let unchanged = "machine code unchanged"

  /// Takes note of whether the code is the same in both builds, and skips the case if so.
  public mutating func note(isUnchanged: Bool?) {
    self.isUnchanged = isUnchanged
    guard isUnchanged == true else { return }
    (status, reason) = (.skipped, Self.unchanged)
  }

  /// What was measured last: the confirmation where there is one.
  public var decisive: Stage? { confirmation ?? screening }

  /// The final verdict as the statistics name it.
  public var judged: Verdict? { verdict.flatMap { Verdict(rawValue: $0) } }
}
