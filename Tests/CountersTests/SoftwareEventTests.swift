// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Counters

@Suite("Software events")
struct SoftwareEventTests {
  private static let software = CounterGroup(eventNames: [
    "perf::TASK-CLOCK", "perf::PAGE-FAULTS", "perf::CONTEXT-SWITCHES", "perf::CPU-MIGRATIONS",
  ])

  /// Counts `body` on a thread of its own, as a worker does.
  private static func count(
    _ group: CounterGroup, intervals: Int = 1, _ body: @escaping @Sendable () -> Void
  ) async -> [CounterReading] {
    let session = CounterSession(group: group)
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let counters = session.makeWorkerCounters()
        for _ in 0..<intervals {
          counters.start()
          body()
          counters.stop()
        }
        var readings: [CounterReading] = []
        counters.read(into: &readings)
        counters.close()
        continuation.resume(returning: readings)
      }
    }
  }

  @Test("Touching fresh pages counts one fault each, or says why it cannot")
  func pageFaults() async {
    let pages = 256
    let readings = await Self.count(Self.software) { touchFreshPages(pages) }
    let faults = readings[1]
    if let value = faults.value {
      #expect(faults.source == Provenance(.software))
      #expect(value >= Double(pages) && value < Double(pages + 64))
    } else {
      #expect(faults.source.reason?.isEmpty == false)
    }
  }

  @Test("Sleeping counts context switches and never reads a false zero")
  func contextSwitches() async {
    let readings = await Self.count(Self.software) {
      for _ in 0..<20 { usleep(200) }
    }
    let switches = readings[2]
    if let value = switches.value {
      #expect(value >= 20)
      #expect(switches.source.kind == .software)
    } else {
      #expect(switches.source.reason?.isEmpty == false)
    }
  }

  @Test("The task clock adds up over intervals and stays below the time that passed")
  func taskClock() async {
    let began = MonotonicClock.nanoseconds
    let readings = await Self.count(Self.software, intervals: 10) {
      let until = MonotonicClock.nanoseconds + 200_000
      while MonotonicClock.nanoseconds < until {}
    }
    let passed = Double(MonotonicClock.nanoseconds - began)
    if let value = readings[0].value {
      #expect(value > 0 && value <= passed)
    } else {
      #expect(readings[0].source.reason?.isEmpty == false)
    }
  }

  @Test("Every reading of the shipped default group has a value or a reason")
  func defaultGroup() async throws {
    let group = try CounterGroup(contentsOf: shippedGroups + "/default.txt")
    let readings = await Self.count(group) { touchFreshPages(4) }
    #expect(readings.map(\.name) == group.events.map(\.name))
    for reading in readings { #expect((reading.value == nil) == (reading.source.reason != nil)) }
  }
}
