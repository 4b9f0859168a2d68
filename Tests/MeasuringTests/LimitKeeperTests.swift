// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measuring

@Suite("The machine's limits")
struct LimitKeeperTests {
  /// A machine whose limits are made up, and what is kept of them.
  private final class Machine {
    var kept: MachineLimits?
    var notes: [String] = []
    var measurements: [MachineLimits]
    var forgotten = 0

    init(_ measurements: [MachineLimits]) { self.measurements = measurements }

    var store: LimitKeeper.Store {
      LimitKeeper.Store(
        kept: { self.kept }, measure: { self.measurements.removeFirst() },
        keep: { self.kept = $0 },
        forget: {
          self.kept = nil
          self.forgotten += 1
        },
        announce: { _ in }, note: { self.notes.append($0) })
    }
  }

  private static func limits(
    _ peak: Double, bandwidth: Double = 10, load: Double = 0, disturbedLimits: Int = 0,
    paces: [Double] = [100, 100]
  ) -> MachineLimits {
    var surroundings = MachineLimits.Surroundings(loadAverage: load, cpus: 2)
    (surroundings.tries, surroundings.disturbedTries) = (90, disturbedLimits * 9)
    (surroundings.disturbedLimits, surroundings.paces) = (disturbedLimits, paces)
    return MachineLimits(
      machine: "m", measuredAt: "",
      peaks: [.init(instructionSet: "avx2", workers: 1, gflopPerSecond: peak)],
      bandwidths: [
        .init(
          level: "L1", capacityBytes: 32768, workers: 1, bytesPerWorker: 1,
          readGBPerSecond: bandwidth, writeGBPerSecond: bandwidth, triadGBPerSecond: bandwidth)
      ], forkJoins: [], clockNanoseconds: 0, surroundings: surroundings)
  }

  @Test("calm ones are kept, and the next run measures nothing")
  func calm() throws {
    let machine = Machine([Self.limits(100)])
    #expect(try LimitKeeper(machine.store).limits.peaks[0].gflopPerSecond == 100)
    #expect(machine.kept != nil && machine.notes.isEmpty)
    #expect(try LimitKeeper(machine.store).limits.peaks[0].gflopPerSecond == 100)
  }

  @Test(
    "ones taken beside other work are used, said to be so, and not kept",
    arguments: [
      (limits(8, load: 1.8), "the load average was 1.8 on 2 CPUs"),
      (limits(8, disturbedLimits: 3), "3 of the limits had no calm try, and 27 of all 90 tries"),
      (limits(8, paces: [100, 60, 100]), "between 60.0 and 100.0 GFLOP/s"),
    ])
  func busy(_ measured: MachineLimits, reason: String) throws {
    let machine = Machine([measured, Self.limits(100)])
    #expect(try LimitKeeper(machine.store).limits.peaks[0].gflopPerSecond == 8)
    #expect(machine.kept == nil)
    #expect(machine.notes.count == 1)
    let note = machine.notes.first ?? ""
    #expect(note.contains(reason) && note.contains("not kept"), "\(note)")
    #expect(try LimitKeeper(machine.store).limits.peaks[0].gflopPerSecond == 100)
    #expect(machine.kept != nil)
  }

  @Test(
    "workers that do less in a cycle than one alone had no core each, whatever the clock does",
    arguments: [
      ([1: 260.0, 2: 520], [1: 4.2, 2: 4.2], nil),
      ([1: 260, 2: 262], [1: 4.2, 2: 4.2], 2),
      // A clock that falls by a third is no sharing.
      ([1: 260, 2: 347], [1: 4.2, 2: 2.8], nil),
      ([1: 100, 2: 200, 3: 210], [1: 4, 2: 4, 3: 4], 3),
      ([2: 100], [2: 4], nil),
    ] as [([Int: Double], [Int: Double], Int?)])
  func sharedCores(_ peaks: [Int: Double], _ clocks: [Int: Double], expected: Int?) {
    let clocks = clocks.sorted { $0.key < $1.key }.map {
      MachineLimits.CoreClock(workers: $0.key, gigahertz: $0.value)
    }
    #expect(MachineLimits.withoutOwnCore(peaks: peaks, clocks: clocks) == expected)
    var limits = Self.limits(100)
    limits.surroundings?.withoutOwnCore = expected
    #expect((limits.doubt == nil) == (expected == nil))
  }

  @Test("a busy second look does not replace what is kept")
  func busyRefresh() throws {
    let machine = Machine([Self.limits(8, load: 4)])
    machine.kept = Self.limits(100)
    #expect(try LimitKeeper(machine.store, isRefreshing: true).limits.peaks[0].gflopPerSecond == 8)
    #expect(machine.kept?.peaks[0].gflopPerSecond == 100)
  }

  @Test("ones that rows show to be too low are measured again; the higher of each counts")
  func contradicted() throws {
    let machine = Machine([Self.limits(95, bandwidth: 5)])
    machine.kept = Self.limits(8, bandwidth: 20)
    let keeper = try LimitKeeper(machine.store)
    #expect(keeper.raise(because: "a row"))
    #expect(keeper.limits.peaks[0].gflopPerSecond == 95)
    #expect(keeper.limits.bandwidths[0].readGBPerSecond == 20)
    #expect(machine.kept == keeper.limits && machine.forgotten == 1)
    #expect(machine.notes.count == 1 && machine.notes.first?.contains("again: a row") == true)
  }

  @Test("a run's own load is no doubt where it measures them again")
  func ownLoad() throws {
    let machine = Machine([Self.limits(95, load: 1.4)])
    machine.kept = Self.limits(8)
    let keeper = try LimitKeeper(machine.store)
    #expect(keeper.raise(because: "a row"))
    #expect(keeper.limits.doubt == nil && machine.kept == keeper.limits)
  }

  @Test("ones that are contradicted are forgotten even where the second look is disturbed")
  func contradictedWhileBusy() throws {
    let machine = Machine([
      Self.limits(50, disturbedLimits: 1), Self.limits(60, disturbedLimits: 1),
    ])
    machine.kept = Self.limits(8)
    let keeper = try LimitKeeper(machine.store)
    #expect(keeper.raise(because: "a row"))
    #expect(machine.kept == nil && keeper.limits.peaks[0].gflopPerSecond == 50)
    // Seconds each: not more often than this.
    #expect(keeper.raise(because: "a row"))
    #expect(!keeper.raise(because: "a row"))
    #expect(keeper.limits.peaks[0].gflopPerSecond == 60)
  }

  @Test("a pace above the peak contradicts it, a little more does not")
  func pace() {
    let limits = Self.limits(100)
    #expect(limits.contradiction(pace: 109, workers: 1) == nil)
    #expect(limits.contradiction(pace: nil, workers: 1) == nil)
    #expect(limits.contradiction(pace: 200, workers: 2) == nil)
    #expect(limits.contradiction(pace: 200, workers: 1)?.contains("200.0 GFLOP/s") == true)
  }

  @Test("the best calm try counts, however fast a disturbed one was")
  func tries() {
    let lost = [LostTime(nanoseconds: 1e8, switches: 1)]
    var tries = LimitTries()
    for _ in 0..<LimitTries.least { tries.take(seconds: 1, lost: lost) }
    #expect(!tries.isOver && tries.isDisturbed && tries.best == 1)
    for seconds in [3.0, 2, 2.5] { tries.take(seconds: seconds, lost: [LostTime()]) }
    #expect(tries.isOver && !tries.isDisturbed && tries.best == 2)
    #expect(tries.count == LimitTries.least + 3 && tries.disturbed == LimitTries.least)
    while !tries.isOver { tries.take(seconds: 1, lost: lost) }
    var never = LimitTries()
    while !never.isOver { never.take(seconds: 1, lost: lost) }
    #expect(never.count == LimitTries.most && never.isDisturbed)
  }

  @Test(
    "a margin holds for visits of about its length; beyond, the largest is taken and said to be so",
    arguments: [
      (0.2e6, 0.01, true), (0.25e6, 0.01, true), (0.45e6, 0.02, true), (1.5e6, 0.03, true),
      (8e6, 0.005, true), (15e6, 0.005, true), (40e6, 0.03, false), (0.05e6, 0.03, false),
    ])
  func margins(visit: Double, expected: Double, isKnown: Bool) {
    let margins = NoiseMargins(
      rows: [(0.25e6, 0.01), (0.5e6, 0.02), (2e6, 0.03), (8e6, 0.005)].map {
        NoiseMargins.Row(visitNanoseconds: $0.0, relative: $0.1)
      })
    let found = margins.margin(visit: visit)
    #expect(found.relative == expected)
    #expect((found.doubt == nil) == isKnown)
    #expect(isKnown || found.doubt?.contains("3.00 %") == true)
    #expect(NoiseMargins(usual: 0.5).margin(visit: visit).relative == 0.5)
  }
}
