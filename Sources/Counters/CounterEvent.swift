// SPDX-License-Identifier: Apache-2.0

/// An event that a group asks for.
public struct CounterEvent: Codable, Hashable, Sendable {
  /// The event's name in PAPI, preset or native.
  public var name: String
  /// What formulas call it.
  public var alias: String
  /// What to count where `name` cannot be, in order of preference.
  public var alternatives: [String]

  /// An event; where no alternatives are named, the usual ones of a preset are taken.
  public init(name: String, alias: String? = nil, alternatives: [String] = []) {
    self.name = name
    self.alias = alias ?? name
    self.alternatives =
      alternatives.isEmpty ? PresetFallback.alternatives(to: name) : alternatives
  }

  /// Whether the kernel counts it rather than the CPU.
  public var isSoftware: Bool { SoftwareEvent(named: name) != nil }
}
