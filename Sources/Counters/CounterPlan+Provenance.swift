// SPDX-License-Identifier: Apache-2.0

extension CounterPlan {
  /// Whether each event counts.
  func availability(of events: [CounterEvent]) -> [CounterAvailability] {
    events.indices.map { index in
      CounterAvailability(
        event: events[index], provenance: provenance(of: events[index], at: index))
    }
  }

  /// The provenance of the event at `index`, before anything is measured.
  func provenance(of event: CounterEvent, at index: Int) -> Provenance {
    switch sources[index] {
    case .none(let reason): .unavailable(reason)
    case .usage(let usage): Provenance(.software, countedAs: usage.rawValue)
    case .papi(let name, _):
      Provenance(kind(at: index), countedAs: name == event.name ? nil : name)
    }
  }

  private func kind(at index: Int) -> Provenance.Kind {
    if software.contains(index) { return .software }
    return passes.count == 1 ? .hardware : .scaled(1 / Double(passes.count))
  }
}
