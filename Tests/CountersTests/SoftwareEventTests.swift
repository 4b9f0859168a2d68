// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Counters

@Suite("Software events on this machine")
struct SoftwareEventTests {
  private func count(
    _ event: String, intervals: Int = 1, _ body: @escaping @Sendable () -> Void
  ) async -> CounterReading {
    let session = await onOwnThread { CounterSession(group: CounterGroup(eventNames: [event])) }
    return await session.count(intervals: intervals, body)[0]
  }

  @Test("Touching fresh pages counts one fault each, or says why it cannot")
  func pageFaults() async {
    let pages = 256
    let faults = await count("perf::PAGE-FAULTS") { touchFreshPages(pages) }
    if let value = faults.value {
      #expect(faults.source == Provenance(.software))
      #expect(value >= Double(pages) && value < Double(pages + 64))
    } else {
      #expect(faults.source.reason?.isEmpty == false)
    }
  }

  @Test("Sleeping counts context switches and never reads a false zero")
  func contextSwitches() async {
    let switches = await count("perf::CONTEXT-SWITCHES") {
      for _ in 0..<20 { usleep(200) }
    }
    if let value = switches.value {
      // A sleep that is over before the switch takes none.
      #expect(value >= 18)
      #expect(switches.source.kind == .software)
    } else {
      #expect(switches.source.reason?.isEmpty == false)
    }
  }

  @Test("The task clock adds up over intervals and stays below the time that passed")
  func taskClock() async {
    let began = MonotonicClock.nanoseconds
    let clock = await count("perf::TASK-CLOCK", intervals: 10) {
      let until = MonotonicClock.nanoseconds + 200_000
      while MonotonicClock.nanoseconds < until {}
    }
    let passed = Double(MonotonicClock.nanoseconds - began)
    if let value = clock.value {
      #expect(value > 0 && value <= passed)
    } else {
      #expect(clock.source.reason?.isEmpty == false)
    }
  }

  @Test("Workers beside each other count only their own pages")
  func workersApart() async {
    let session = await onOwnThread {
      CounterSession(group: CounterGroup(eventNames: ["perf::PAGE-FAULTS"]))
    }
    let pages = [64, 512]
    await withTaskGroup(of: Void.self) { group in
      for count in pages {
        group.addTask {
          let faults = await session.count { touchFreshPages(count) }[0]
          guard let value = faults.value else { return }
          #expect(value >= Double(count) && value < Double(count + 64))
        }
      }
    }
  }

  @Test("Many short-lived workers, some beside each other, each count their own pages")
  func manyWorkers() async {
    let session = await onOwnThread {
      CounterSession(group: CounterGroup(eventNames: ["perf::PAGE-FAULTS"]))
    }
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<100 {
        group.addTask {
          let faults = await session.count(intervals: 2) { touchFreshPages(worker) }[0]
          guard let value = faults.value else { return }
          #expect(value >= Double(2 * worker) && value < Double(2 * worker + 64))
        }
      }
    }
  }

  @Test("Every reading of a shipped group has a value or a reason", arguments: shippedGroupNames)
  func shippedGroup(_ name: String) async throws {
    let group = try CounterGroup.named(name, searching: [shippedGroups])
    let session = await onOwnThread { CounterSession(group: group) }
    let readings = await session.count { touchFreshPages(4) }
    #expect(readings.map(\.name) == group.events.map(\.name))
    #expect(session.events.map(\.event) == group.events)
    for reading in readings { #expect((reading.value == nil) == (reading.source.reason != nil)) }
    for metric in group.metrics(from: readings, inputs: MetricInputs()) {
      #expect((metric.value == nil) == (metric.reason != nil))
    }
  }
}
