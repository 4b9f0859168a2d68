// SPDX-License-Identifier: Apache-2.0

/// What one worker's counters counted over some intervals.
///
/// Counts of several visits add up here before they become readings. Readings do not: where sets of
/// events take turns, an event may have had no turn in one visit and be counted in the next.
public struct CounterCounts: Hashable, Sendable {
  /// How many intervals they cover.
  public private(set) var intervals = 0

  private var events: [CounterEvent] = []
  private var planned: [Provenance] = []
  private var setCount = 0
  private var sums: [Int64] = []
  private var countedTimes: [Int64] = []
  private var totalTime: Int64 = 0
  private var lost: [String?] = []

  /// No counts yet.
  public init() {}

  /// Adds what `tally` holds for `events`, whose provenance was `planned` when they were set up and
  /// some of which were `lost` since.
  mutating func add(
    _ tally: CounterTally, of events: [CounterEvent], planned: [Provenance], lost: [String?]
  ) {
    if self.events.isEmpty {
      self.events = events
      sums = Array(repeating: 0, count: events.count)
      countedTimes = sums
    }
    precondition(events.count == self.events.count, "one group")
    self.planned = planned
    self.lost = lost
    setCount = tally.hardwarePasses
    intervals += tally.intervals
    totalTime += tally.totalTime
    for event in events.indices {
      sums[event] += tally.sum(of: event)
      countedTimes[event] += tally.countedTime(of: event)
    }
  }

  /// One reading per event of the group, in its order, each value divided by `divisor`: 1 for
  /// totals, the number of iterations for counts per iteration.
  public func readings(per divisor: Double = 1) -> [CounterReading] {
    events.indices.map { index in
      let (value, source) = value(of: index)
      return CounterReading(
        name: events[index].name, alias: events[index].alias, value: value.map { $0 / divisor },
        source: source)
    }
  }

  private func value(of index: Int) -> (Double?, Provenance) {
    if planned[index].reason != nil { return (nil, planned[index]) }
    guard intervals > 0 else { return (nil, .unavailable("nothing was measured yet")) }
    if let reason = lost[index] { return (nil, .unavailable(reason)) }
    guard countedTimes[index] > 0 else {
      return (
        nil,
        .unavailable(
          "its turn never came: \(intervals) intervals for \(setCount) sets of events; measure "
            + "longer or choose fewer events")
      )
    }
    let countedAs = planned[index].countedAs
    if countedTimes[index] == totalTime {
      let kind: Provenance.Kind = events[index].isSoftware ? .software : .hardware
      return (Double(sums[index]), Provenance(kind, countedAs: countedAs))
    }
    let share = Double(countedTimes[index]) / Double(totalTime)
    return (Double(sums[index]) / share, Provenance(.scaled(share), countedAs: countedAs))
  }
}
