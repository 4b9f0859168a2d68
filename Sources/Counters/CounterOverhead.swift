// SPDX-License-Identifier: Apache-2.0

/// What counting itself costs and counts, as measured on the calling thread.
public struct CounterOverhead: Hashable, Sendable {
  /// Reading the monotonic clock, in nanoseconds.
  public var clockNs: Double
  /// One `start()` and `stop()` with nothing between, in nanoseconds.
  public var intervalNs: Double
  /// Turning the sums into readings, in nanoseconds; outside of what is measured.
  public var readNs: Double
  /// What an empty interval counts, per event of the group.
  ///
  /// It is the part of every count that is the counters' own; nothing is subtracted by itself.
  public var emptyInterval: [CounterReading]

  /// Measures the overhead of a session's events, which takes a few milliseconds.
  public init(of session: CounterSession) {
    let counters = session.makeWorkerCounters()
    var readings: [CounterReading] = []
    func interval() {
      counters.start()
      counters.stop()
    }
    // The first intervals load code and start the event sets.
    for _ in 0..<Self.callsPerBatch { interval() }
    clockNs = Self.medianCost { _ = MonotonicClock.nanoseconds }
    intervalNs = Self.medianCost(interval)
    readNs = Self.medianCost { counters.read(into: &readings) }
    counters.reset()
    for _ in 0..<Self.callsPerBatch { interval() }
    counters.read(into: &readings)
    counters.close()
    emptyInterval = readings.map { reading in
      var reading = reading
      reading.value = reading.value.map { $0 / Double(Self.callsPerBatch) }
      return reading
    }
  }

  /// Enough that the clock's own cost and resolution disappear in a batch.
  private static let callsPerBatch = 200
  /// The median over batches leaves out those that an interrupt fell into.
  private static let batches = 11

  private static func medianCost(_ body: () -> Void) -> Double {
    let costs = (0..<batches).map { _ in
      let began = MonotonicClock.nanoseconds
      for _ in 0..<callsPerBatch { body() }
      return Double(MonotonicClock.nanoseconds - began) / Double(callsPerBatch)
    }
    return costs.sorted()[batches / 2]
  }
}
