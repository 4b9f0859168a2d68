// SPDX-License-Identifier: Apache-2.0

/// What a gate calls a regression, and what it does where it cannot tell.
public struct GatePolicy: Codable, Hashable, Sendable {
  /// What becomes of cases that the rounds do not decide.
  public enum Inconclusive: String, CaseIterable, Codable, Sendable {
    /// They pass, unless not a single case was decided.
    case pass
    /// One of them is enough for exit code 4.
    case fail
  }

  /// The smallest slowdown that matters, as a fraction.
  public var threshold: Double
  /// What identical code differs by on this machine, as a fraction.
  public var noiseFloor: Double
  /// Where the noise floor comes from, for the report.
  public var noiseFloorSource: String
  /// Probability of any false alarm over all cases that is accepted, in each of the two stages.
  public var familyWiseError: Double
  /// What becomes of undecided cases.
  public var inconclusive: Inconclusive

  /// Half of what the smallest slowdown worth a revert is, and three times the usual noise floor.
  public static let defaultThreshold = 0.02
  /// One false alarm in a hundred gates, if it were not confirmed by a second run as well.
  public static let defaultFamilyWiseError = 0.01

  /// A policy; what is not given is at its default.
  public init(
    threshold: Double = defaultThreshold, noiseFloor: Double, noiseFloorSource: String,
    familyWiseError: Double = defaultFamilyWiseError, inconclusive: Inconclusive = .pass
  ) {
    self.threshold = threshold
    self.noiseFloor = noiseFloor
    self.noiseFloorSource = noiseFloorSource
    self.familyWiseError = familyWiseError
    self.inconclusive = inconclusive
  }

  /// What an effect must exceed, as a fraction.
  public var margin: Double { max(threshold, noiseFloor) }

  private enum CodingKeys: String, CodingKey {
    case threshold, inconclusive
    case noiseFloor = "noise_floor"
    case noiseFloorSource = "noise_floor_source"
    case familyWiseError = "family_wise_error"
  }
}
