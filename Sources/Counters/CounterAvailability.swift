// SPDX-License-Identifier: Apache-2.0

/// An event and whether it counts on this machine.
public struct CounterAvailability: Hashable, Sendable {
  /// The event.
  public var event: CounterEvent
  /// How it counts, or why it does not and what the user can do.
  public var provenance: Provenance

  /// Whether it counts.
  public var isCountable: Bool { provenance.isAvailable }

  /// An availability.
  public init(event: CounterEvent, provenance: Provenance) {
    self.event = event
    self.provenance = provenance
  }
}
