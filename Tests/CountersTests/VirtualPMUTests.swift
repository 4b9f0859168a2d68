// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Counters

@Suite(
  "Hardware events on a virtual PMU",
  .enabled(if: PAPIShim.canBeBuilt, "needs a C compiler (cc, clang or gcc)"))
struct VirtualPMUTests {
  /// What the virtual library counts per interval.
  private static let weights: [String: Double] = [
    "PAPI_TOT_CYC": 2000, "PAPI_TOT_INS": 6000, "PAPI_L1_DCM": 50, "PAPI_L2_DCM": 10,
    "PAPI_BR_MSP": 3, "perf::TASK-CLOCK": 1000, "perf::PAGE-FAULTS": 7,
  ]
  private static let group = CounterGroup(eventNames: [
    "PAPI_TOT_CYC", "PAPI_TOT_INS", "PAPI_L1_DCM", "PAPI_L2_DCM", "perf::TASK-CLOCK",
    "perf::PAGE-FAULTS",
  ])

  @Test("Events that fit together are counted all of the time and add up over intervals")
  func oneSet() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("counters=4"))
    let readings = await session.count(intervals: 5)
    #expect(session.missing.isEmpty)
    for reading in readings {
      #expect(reading.value == Self.weights[reading.name].map { $0 * 5 })
      let isSoftware = reading.name.hasPrefix("perf::")
      #expect(reading.source == Provenance(isSoftware ? .software : .hardware))
    }
  }

  @Test("Events that do not fit take turns, are scaled up, and say for which share they counted")
  func takingTurns() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("counters=2"))
    let readings = await session.count(intervals: 40)
    var turns: [Double] = []
    for reading in readings where !reading.name.hasPrefix("perf::") {
      guard case .scaled(let share) = reading.source.kind, let value = reading.value else {
        Issue.record("\(reading.name) is \(reading.source)")
        continue
      }
      // What was counted in an event's turns is exact; only the scaling is by time.
      let turn = value * share / (Self.weights[reading.name] ?? 0)
      #expect(abs(turn - turn.rounded()) < 1e-6)
      #expect(share > 0 && share < 1)
      turns.append(turn.rounded())
    }
    // Two events to a set, and every interval is some set's turn.
    #expect(turns.count == 4 && turns[0] == turns[1] && turns[2] == turns[3])
    #expect(turns.reduce(0, +) == 2 * 40)
    for reading in readings where reading.name.hasPrefix("perf::") {
      #expect(reading.value == Self.weights[reading.name].map { $0 * 40 })
      #expect(reading.source == Provenance(.software))
    }
  }

  @Test("An event whose turn never came has a reason instead of a value")
  func turnNeverCame() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("counters=1"))
    let readings = await session.count(intervals: 1)
    let counted = readings[0...3].filter { $0.value != nil }
    #expect(counted.count == 1)
    #expect(counted.allSatisfy { $0.value == Self.weights[$0.name] })
    for reading in readings[0...3] where reading.value == nil {
      #expect(reading.source.reason?.contains("turn never came") == true)
    }
  }

  @Test("Counts of several visits add up, also where an event had no turn in some of them")
  func visits() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("counters=2"))
    let readings = await onOwnThread {
      let counters = session.makeWorkerCounters()
      defer { counters.close() }
      // Two variants that are measured alternately each keep their own counts.
      var counts = [CounterCounts(), CounterCounts()]
      for visit in 0..<60 {
        counters.start()
        counters.stop()
        counters.take(into: &counts[visit % 2])
      }
      return counts.map { $0.readings(per: 30) }
    }
    for variant in readings {
      for reading in variant.prefix(4) {
        guard case .scaled(let share) = reading.source.kind, let value = reading.value else {
          Issue.record("\(reading.name) is \(reading.source)")
          continue
        }
        let turn = 30 * value * share / (Self.weights[reading.name] ?? 0)
        #expect(abs(turn - turn.rounded()) < 1e-6 && turn > 0.5 && turn < 29.5)
      }
      for reading in variant.suffix(2) {
        #expect(reading.value == Self.weights[reading.name])
        #expect(reading.source == Provenance(.software))
      }
    }
    #expect(CounterCounts().readings().isEmpty)
  }

  @Test("A preset that cannot be added is counted by its native event, which is named")
  func fallback() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("presets=0"))
    let readings = await session.count()
    #expect(readings[0].value == 2000)
    #expect(readings[0].source == Provenance(.hardware, countedAs: "perf::CYCLES"))
    #expect("\(readings[1].source)" == "hardware as perf::INSTRUCTIONS")
    #expect(readings[2].value == nil)
    #expect(session.missing.map(\.event.name) == ["PAPI_L1_DCM", "PAPI_L2_DCM"])
  }

  @Test("Without a PMU the hardware events say so and the software events count")
  func noPMU() async {
    var machine = virtualMachine
    machine.hasPMU = false
    machine.isVirtual = true
    machine.hardwareErrno = 2
    let session = await CounterSession.made(
      Self.group, PAPIShim.virtual.library("counters=0"), on: machine)
    let readings = await session.count(intervals: 3)
    for reading in readings[0...3] {
      #expect(reading.value == nil)
      #expect(reading.source.reason?.hasPrefix("no PMU") == true)
    }
    #expect(readings[4].value == 3000)
    #expect(readings[5].value == 21)
  }

  @Test("A counter that must advance and does not is no counter")
  func frozen() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library("frozen=1"))
    let readings = await session.count()
    #expect(readings[0].value == nil)
    #expect(readings[0].source.reason?.contains("stands still") == true)
    #expect(readings[1].value == nil)
    #expect(readings[4].value == 1000)
  }

  @Test("Switches of context are asked for with the kernel's side, where they happen")
  func kernelSide() async {
    let group = CounterGroup(eventNames: ["perf::CONTEXT-SWITCHES"])
    let session = await CounterSession.made(group, PAPIShim.virtual.library())
    #expect(await session.count(intervals: 4)[0].value == 8)
  }

  @Test("Resetting forgets the intervals and closing keeps the sums")
  func resetAndClose() async {
    let session = await CounterSession.made(Self.group, PAPIShim.virtual.library())
    let (fresh, after) = await onOwnThread {
      let counters = session.makeWorkerCounters()
      var fresh: [CounterReading] = []
      counters.read(into: &fresh)
      counters.start()
      counters.stop()
      counters.reset()
      counters.start()
      counters.stop()
      counters.close()
      counters.close()
      var after: [CounterReading] = []
      counters.read(into: &after)
      counters.start()
      counters.stop()
      return (fresh, after)
    }
    #expect(fresh.allSatisfy { $0.value == nil && $0.source.reason == "nothing was measured yet" })
    #expect(after.map(\.value) == Self.group.events.map { Self.weights[$0.name] })
  }
}
