// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Counters

@Suite("Faults of PAPI", .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
struct FaultTests {
  private static let group = CounterGroup(eventNames: [
    "PAPI_TOT_CYC", "PAPI_TOT_INS", "perf::TASK-CLOCK", "perf::PAGE-FAULTS",
  ])

  /// Every call that can fail, at once and after some have passed.
  private static let faults = [
    "fail=library_init", "fail=thread_init", "fail=register_thread",
    "fail=register_thread,after=1", "fail=event_name_to_code", "fail=event_name_to_code,after=2",
    "fail=create_eventset", "fail=create_eventset,after=3", "fail=add_event",
    "fail=add_event,after=5", "fail=start", "fail=start,after=4", "fail=read",
    "fail=read,after=1", "fail=read,after=4,status=-8", "fail=stop", "fail=start+read,after=2",
  ]

  @Test(
    "Whatever call fails, every event has a value or a reason, and never a false zero",
    arguments: faults, [PAPIShim.failing, .virtual])
  func anyCall(_ fault: String, _ shim: PAPIShim) async {
    let session = await CounterSession.made(Self.group, shim.library(fault), on: .current())
    let readings = await session.count(intervals: 6) { touchFreshPages(2) }
    #expect(readings.count == Self.group.events.count)
    for reading in readings {
      #expect((reading.value == nil) == (reading.source.reason != nil))
      if let value = reading.value { #expect(value > 0, "a false zero under \(fault)") }
    }
  }

  @Test("A missing library is a reason for every event")
  func missingLibrary() async {
    let library = Result { () throws(PAPIAbsence) in
      try PAPILibrary(path: "/nonexistent/libpapi.so")
    }
    let session = await CounterSession.made(Self.group, library)
    #expect(session.missing.count == Self.group.events.count)
    for reading in await session.count() {
      #expect(reading.source.reason?.hasPrefix("PAPI missing (/nonexistent/libpapi.so") == true)
      #expect(reading.source.reason?.contains("libpapi-dev") == true)
    }
  }

  @Test("A library without PAPI's functions is named as such")
  func foreignLibrary() {
    let library = Result { () throws(PAPIAbsence) in try PAPILibrary(path: "libc.so.6") }
    guard case .failure(let absence) = library else {
      Issue.record("libc passed for PAPI")
      return
    }
    #expect(absence.reason.contains("it has no function PAPI_library_init"))
  }

  @Test("A library that does not start says so")
  func refusedStart() async {
    let session = await CounterSession.made(
      Self.group, PAPIShim.virtual.library("fail=library_init"))
    #expect(session.missing.count == Self.group.events.count)
    #expect(
      session.missing[0].provenance.reason?.hasPrefix("PAPI does not start (virtual status -14)")
        == true)
  }

  @Test("A hardware counter that disappears takes no software event with it")
  func lostMidRun() async {
    let session = await CounterSession.made(
      Self.group, PAPIShim.virtual.library("fail=read,only=hardware,after=5,status=-8"))
    // Reads 1 to 5 pass: two whole intervals and the beginning of the third.
    let readings = await session.count(intervals: 6)
    for reading in readings[0...1] {
      #expect(reading.value == nil)
      #expect(
        reading.source.reason?.hasPrefix("lost in interval 3: cannot be read (virtual status -8)")
          == true)
    }
    for (reading, weight) in zip(readings[2...3], [1000.0, 7]) {
      guard case .scaled(let share) = reading.source.kind, let value = reading.value else {
        Issue.record("\(reading.name) is \(reading.source)")
        continue
      }
      // Five of six intervals were counted.
      #expect(abs(value * share - 5 * weight) < 1e-6 * weight)
    }
  }

  @Test("Two workers that need the same counter: one has it, the other says that none is free")
  func conflict() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("exclusive=1"))
    #expect(session.missing.isEmpty)
    let held = DispatchSemaphore(value: 0)
    let tried = DispatchSemaphore(value: 0)
    async let first = onOwnThread {
      let holder = session.makeWorkerCounters()
      holder.start()
      held.signal()
      tried.wait()
      holder.stop()
      var readings: [CounterReading] = []
      holder.read(into: &readings)
      holder.close()
      return readings
    }
    async let second = onOwnThread {
      held.wait()
      defer { tried.signal() }
      let counters = session.makeWorkerCounters()
      counters.start()
      counters.stop()
      var readings: [CounterReading] = []
      counters.read(into: &readings)
      counters.close()
      return readings
    }
    #expect(await first.map(\.value) == [2000, 6000, 1000, 7])
    #expect(await second[0].source.reason?.contains("no counter is free") == true)
    #expect(await second[2].value == 1000)
  }

  @Test("An event that nobody knows is left out alone")
  func unknownEvent() async {
    let group = CounterGroup(eventNames: ["PAPI_NONSENSE", "perf::TASK-CLOCK"])
    let session = await CounterSession.made(group, PAPIShim.virtual.library())
    let readings = await session.count()
    #expect(readings[0].source.reason?.hasPrefix("unknown to PAPI 7.") == true)
    #expect(readings[1].value == 1000)
  }
}
