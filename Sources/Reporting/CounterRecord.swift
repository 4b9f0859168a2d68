// SPDX-License-Identifier: Apache-2.0

public import Counters

/// What `run.json` says about the counters of a run: what was counted, by what, and at which cost.
public struct CounterRecord: Codable, Hashable, Sendable {
  /// An event of the group.
  public struct Event: Codable, Hashable, Sendable {
    /// Its name, as in the CSV columns.
    public var name: String
    /// How it counts, or why not: as in the `counter_source` columns.
    public var source: String
    /// What an empty interval counts; nil where nothing is.
    public var emptyInterval: Double?
  }

  /// The group's name.
  public var group: String
  /// What decides on this machine.
  public var environment: String
  /// The events in the order of their columns.
  public var events: [Event]
  /// Reading the clock, in nanoseconds.
  public var clockNs: Double
  /// One start and stop of the counters with nothing between, in nanoseconds.
  public var intervalNs: Double
  /// Turning counts into readings, in nanoseconds; outside of what is measured.
  public var readNs: Double

  /// A record of a session and its overhead.
  public init(_ session: CounterSession, overhead: CounterOverhead) {
    group = session.group.name
    environment = session.environment.description
    events = zip(session.events, overhead.emptyInterval).map { event, empty in
      Event(
        name: event.event.name, source: event.provenance.description, emptyInterval: empty.value)
    }
    clockNs = overhead.clockNs
    intervalNs = overhead.intervalNs
    readNs = overhead.readNs
  }

  /// Lines for a person.
  public var lines: [String] {
    let counted = events.compactMap { event in
      event.emptyInterval.map { "\(event.name) \(CellFormat.number($0))" }
    }
    return [
      "  counters (\(environment)), group \(group)",
      "  one interval of counting: \(CellFormat.decimal(intervalNs)) ns, outside of the clock; "
        + "taking its counts: \(CellFormat.decimal(readNs)) ns (medians)",
      "  an empty interval counts: "
        + (counted.isEmpty ? "nothing, for nothing counts here" : counted.joined(separator: ", "))
        + "; nothing is subtracted",
    ]
  }
}
