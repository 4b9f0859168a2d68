// SPDX-License-Identifier: Apache-2.0

/// One thing that a check of the machine looked at.
public struct MachineFinding: Codable, Hashable, Sendable {
  /// What was looked at.
  public var subject: String
  /// What was found.
  public var found: String
  /// What it costs a measurement; empty where nothing is wrong.
  public var cost: String
  /// The command that mends it, or what else helps; empty where nothing is wrong.
  public var remedy: String

  /// Whether nothing is wrong.
  public var isFine: Bool { cost.isEmpty }

  /// A finding; without a cost, nothing is wrong.
  public init(_ subject: String, _ found: String, cost: String = "", remedy: String = "") {
    self.subject = subject
    self.found = found
    self.cost = cost
    self.remedy = remedy
  }
}
