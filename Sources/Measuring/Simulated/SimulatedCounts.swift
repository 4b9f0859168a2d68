// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Convolution
public import Counters
public import Foundation
public import Planning
internal import Suites

/// What a simulation counted, entry by entry.
public struct SimulatedCounts: Codable, Hashable, Sendable {
  /// An entry with its counts.
  public struct Entry: Codable, Hashable, Sendable {
    /// What was simulated.
    public var row: SimulatedRow
    /// Counts of one iteration by the event's name; empty where `row` has a reason.
    public var counts: [String: Double]
    /// Instructions of each function without those that it calls, where they are known.
    public var functions: [String: Double] = [:]

    /// An entry.
    public init(row: SimulatedRow, counts: [String: Double]) {
      self.row = row
      self.counts = counts
    }
  }

  /// The entries, in the order of the plan.
  public var entries: [Entry]
  /// Why the simulation ended before the last entry of the plan; nil where it did not.
  public var earlyEnd: String?

  /// Counts of `entries`.
  public init(entries: [Entry]) {
    self.entries = entries
  }

  /// The file in which a child lists its rows.
  static let listName = "rows.json"
  /// The file that callgrind's dumps are named after.
  static let dumpName = "counts"

  /// Writes what a child has done so far.
  /// - Throws: where the file cannot be written.
  public static func write(_ rows: [SimulatedRow], into folder: URL) throws {
    try WholeFile.write(try JSONEncoder().encode(rows), to: folder.appending(path: listName))
  }
}

extension SimulatedCounts {
  /// Reads what a child left in `folder`.
  init(readingFrom folder: URL) throws {
    let data = try Data(contentsOf: folder.appending(path: Self.listName))
    let group = CounterGroup(eventNames: SimulatedEvent.allCases.map(\.rawValue))
    entries = try JSONDecoder().decode([SimulatedRow].self, from: data).map { row in
      var row = row
      guard let number = row.dump else { return Entry(row: row, counts: [:]) }
      let file = folder.appending(path: "\(Self.dumpName).\(number)")
      guard let dump = CallgrindDump(contentsOf: file) else {
        row.reason = "Valgrind did not write its counts"
        return Entry(row: row, counts: [:])
      }
      let values = dump.readings(of: group).compactMap { reading in
        reading.value.map { (reading.name, $0) }
      }
      var entry = Entry(row: row, counts: Dictionary(values) { first, _ in first })
      entry.functions = dump.functions
      return entry
    }
  }

  /// The readings of an entry for `group`, for the one worker that was simulated.
  public func readings(
    of entry: PlanEntry, suite: String, group: CounterGroup
  ) -> [CounterReading] {
    let wanted = SimulatedRow(entry, suite: suite)
    let found = entries.first { $0.row.isSame(as: wanted) }
    return group.events.map { event in
      if let value = found?.counts[event.name], let simulated = SimulatedEvent(rawValue: event.name)
      {
        return CounterReading(
          name: event.name, alias: event.alias, value: value, source: simulated.provenance)
      }
      return CounterReading(
        name: event.name, alias: event.alias, value: nil,
        source: .unavailable(reason(found)))
    }
  }

  private func reason(_ found: Entry?) -> String {
    if let found { return found.row.reason ?? "Valgrind does not simulate it" }
    return earlyEnd ?? "it was not simulated"
  }
}
