// SPDX-License-Identifier: Apache-2.0

/// One counter's value with its source.
public struct CounterReading: Codable, Hashable, Sendable {
  /// The event as it was asked for, such as `PAPI_TOT_INS`.
  public var name: String
  /// What formulas call it, such as `instructions`.
  public var alias: String
  /// The count; nil where there is none, and then `source` says why.
  public var value: Double?
  /// Where the value comes from.
  public var source: Provenance

  /// A reading; without a value the source must be a reason, and the other way round.
  public init(name: String, alias: String? = nil, value: Double?, source: Provenance) {
    precondition((value != nil) == source.isAvailable, "a value xor a reason")
    self.name = name
    self.alias = alias ?? name
    self.value = value
    self.source = source
  }
}
