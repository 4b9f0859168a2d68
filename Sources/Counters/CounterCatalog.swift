// SPDX-License-Identifier: Apache-2.0

/// The events that can be asked for by name, and which of them count on this machine.
///
/// Listed are the kernel's software events, the events of the given groups, PAPI's presets and the
/// kernel's generic hardware events. The CPU's own events are too many and most of them need unit
/// masks; PAPI's `papi_native_avail` lists them, and any of their names is taken too.
public struct CounterCatalog: Sendable {
  /// One entry per event: software events first, then those of the groups, then the others.
  public let entries: [CatalogEntry]
  /// The library's version, such as `PAPI 7.0.0`, or why there is none.
  public let library: String
  /// What decides on this machine.
  public let environment: CounterEnvironment

  /// Tries every event on the calling thread.
  public init(groups: [CounterGroup]) {
    self.init(groups: groups, library: PAPILibrary.shared, environment: .current())
  }

  /// The same with a given library and machine, for tests.
  init(
    groups: [CounterGroup], library: Result<PAPILibrary, PAPIAbsence>,
    environment: CounterEnvironment
  ) {
    self.environment = environment
    switch library {
    case .failure(let absence):
      self.library = absence.reason
      entries = Self.names(groups, listed: []).map { name, used in
        CatalogEntry(
          name: name, summary: "", groups: used, provenance: .unavailable(absence.reason))
      }
    case .success(let library):
      self.library = "PAPI \(library.version)"
      entries = library.exclusively { Self.entries(groups, library, environment) }
    }
  }

  private static func entries(
    _ groups: [CounterGroup], _ library: PAPILibrary, _ environment: CounterEnvironment
  ) -> [CatalogEntry] {
    let registered = library.registerThread()
    guard registered == 0 else {
      let plan = CounterPlan(refused: registered, library, count: 1)
      return names(groups, listed: []).map { name, used in
        CatalogEntry(
          name: name, summary: "", groups: used,
          provenance: plan.provenance(of: CounterEvent(name: name), at: 0))
      }
    }
    return names(groups, listed: library.listedEvents()).map { name, used in
      let resolved = ResolvedEvent(CounterEvent(name: name), in: library)
      let plan = CounterPlan([resolved], library: library, environment: environment)
      return CatalogEntry(
        name: name,
        summary: resolved.candidates.first.map { library.description(of: $0.code) } ?? "",
        groups: used, provenance: plan.provenance(of: resolved.event, at: 0))
    }
  }

  /// Every name once, with the groups that use it.
  private static func names(
    _ groups: [CounterGroup], listed: [String]
  ) -> [(name: String, groups: [String])] {
    var names: [(name: String, groups: [String])] = []
    var places: [String: Int] = [:]
    func note(_ name: String, _ group: String?) {
      let place = places[name] ?? names.count
      if place == names.count { names.append((name, [])) }
      places[name] = place
      if let group { names[place].groups.append(group) }
    }
    for event in SoftwareEvent.allCases { note(event.rawValue, nil) }
    for group in groups {
      for event in group.events { note(event.name, group.name) }
    }
    for name in listed { note(name, nil) }
    return names
  }
}

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
