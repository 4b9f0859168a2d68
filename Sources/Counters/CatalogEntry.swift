// SPDX-License-Identifier: Apache-2.0

/// One event in the list of counters.
public struct CatalogEntry: Hashable, Sendable {
  /// The event's name in PAPI.
  public var name: String
  /// PAPI's description; empty where it has none.
  public var summary: String
  /// The shipped groups that use it, by name.
  public var groups: [String]
  /// How it counts on this machine, or why it does not and what to do.
  public var provenance: Provenance
}
