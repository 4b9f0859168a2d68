// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters
import Foundation
import Inputs
import Planning
import Statistics
import Suites
import Testing

@testable import Measuring
@testable import Reporting

@Suite("The rows of a run")
struct TableTests {
  private static func level(
    _ name: String, capacity: Int?, bytes: Int, read: Double
  ) -> MachineLimits.Bandwidth {
    MachineLimits.Bandwidth(
      level: name, capacityBytes: capacity, workers: 1, bytesPerWorker: bytes,
      readGBPerSecond: read, writeGBPerSecond: read, triadGBPerSecond: read)
  }

  private static func peak(_ value: Double) -> MachineLimits.Peak {
    MachineLimits.Peak(instructionSet: "avx2", workers: 1, gflopPerSecond: value)
  }

  private let limits: MachineLimits = MachineLimits(
    machine: "m", measuredAt: "2026-01-01T00:00:00Z", peaks: [Self.peak(100)],
    bandwidths: [
      Self.level("L1", capacity: 32768, bytes: 16384, read: 200),
      Self.level("memory", capacity: nil, bytes: 67_108_864, read: 10),
    ], forkJoins: [], clockNanoseconds: 20)

  private func entry(_ descriptor: String) throws -> PlanEntry {
    PlanEntry(
      suiteCase: SuiteCase(name: descriptor, steps: [try ProblemDescriptor.parse(descriptor)]),
      contender: .unsupported(name: "k", reason: ""), workers: 1, cache: .warm)
  }

  private func timed(_ descriptor: String, _ times: [Double]) throws -> CaseResult {
    var result = CaseResult(entry: try entry(descriptor), status: .ok)
    result.time = Estimate(samples: times)
    result.samples = times
    result.iterations = 3
    result.stoppedBy = "precision"
    return result
  }

  @Test("a measurement has a cell for every column, and empty ones where there is no value")
  func measurementRow() throws {
    let table = MeasurementTable(counters: ["c"], limits: limits)
    var result = try timed("ic2ih4oc2kh1", [100, 110, 120, 130, 140, 150, 160])
    result.counters = [[CounterReading(name: "c", value: 7, source: Provenance(.software))]]
    let row = table.row(result, suite: "s")
    let cells = Dictionary(uniqueKeysWithValues: zip(table.columns, row))
    #expect(row.count == table.columns.count)
    #expect(cells["time_ns_median"] == "130.0")
    #expect(cells["time_ns_min"] == "100.0")
    #expect(cells["rounds"] == "7")
    #expect(cells["macs"] == "64")
    #expect(cells["parameters"] == "4")
    #expect(cells["traffic_bytes"] == "272")
    #expect(cells["gflop_per_s"] == "0.984615")
    #expect(cells["pad_left"] == "0")
    #expect(cells["dilation_height"] == "1")
    #expect(cells["counter:c"] == "7.0")
    #expect(cells["counter_source:c"] == "software")
  }

  @Test("tune's table sets what was predicted beside what was measured, or nothing")
  func tuningRow() throws {
    let result = try timed("ic2ih4oc2kh1", [100, 110, 120, 130, 140, 150, 160])
    let row = TuningTable.row(result, predictedCycles: 455)
    let cells = Dictionary(uniqueKeysWithValues: zip(TuningTable.columns, row))
    #expect(row.count == TuningTable.columns.count)
    #expect(cells["predicted_cycles"] == "455")
    #expect(cells["time_ns"] == "130.0")
    #expect(cells["status"] == "ok")
    let untimed = CaseResult(entry: result.entry, status: .wrong)
    #expect(
      TuningTable.row(untimed, predictedCycles: nil)
        == ["ic2ih4oc2kh1", "1", "k", "", "", "", "", "", "wrong"])
  }

  @Test("a row that was not timed has empty times and its reason")
  func unsupportedRow() throws {
    let table = MeasurementTable(counters: ["c"], limits: limits)
    let result = CaseResult(
      entry: try entry("ic2ih4oc2kh1"), status: .unsupported, reason: "no, because")
    let cells = Dictionary(
      uniqueKeysWithValues: zip(table.columns, table.row(result, suite: "s")))
    #expect(cells["time_ns_median"] == "")
    #expect(cells["gflop_per_s"] == "")
    #expect(cells["status"] == "unsupported")
    #expect(cells["reason"] == "no, because")
    #expect(cells["counter:c"] == "")
    #expect(cells["counter_source:c"]?.hasPrefix("unavailable") == true)
  }

  @Test("a counter that one worker lacks has no total")
  func missingCounter() throws {
    let table = MeasurementTable(counters: ["c"], limits: limits)
    var result = try timed("ic2ih4oc2kh1", [100, 100, 100, 100, 100, 100])
    result.counters = [
      [CounterReading(name: "c", value: 7, source: Provenance(.software))],
      [CounterReading(name: "c", value: nil, source: .unavailable("gone"))],
    ]
    let cells = Dictionary(
      uniqueKeysWithValues: zip(table.columns, table.row(result, suite: "s")))
    #expect(cells["counter:c"] == "")
    #expect(cells["counter_source:c"] == "unavailable: worker 1: gone")
  }

  @Test("a total is scaled as much as its least counted worker, and workers show the imbalance")
  func counterTotals() throws {
    var result = try timed("ic2ih4oc2kh1", [100, 100, 100, 100, 100, 100])
    result.counters = [(30.0, 0.5), (10.0, 0.25)].map { value, share in
      [CounterReading(name: "c", value: value, source: Provenance(.scaled(share)))]
    }
    let table = MeasurementTable(counters: ["c"], limits: limits)
    let cells = Dictionary(
      uniqueKeysWithValues: zip(table.columns, table.row(result, suite: "s")))
    #expect(cells["counter:c"] == "40.0")
    #expect(cells["counter_source:c"] == "scaled(0.25)")
    let workers = WorkerTable(counters: ["c", "d"])
    let rows = workers.rows(result, suite: "s").map {
      Dictionary(uniqueKeysWithValues: zip(workers.columns, $0))
    }
    #expect(rows.map { $0["counter:c"] } == ["30.0", "10.0"])
    #expect(rows.map { $0["counter_source:c"] } == ["scaled(0.50)", "scaled(0.25)"])
    #expect(rows.map { $0["counter_imbalance:c"] } == ["1.5", "1.5"])
    #expect(rows.map { $0["counter:d"] } == ["", ""])
    #expect(rows.map { $0["counter_imbalance:d"] } == ["", ""])
  }

  @Test("a comparison states the promise, the measured speedup and the share realised")
  func comparisonRow() throws {
    let baseline = try timed("ic4ih4oc4kh1", [400, 400, 400, 400, 400, 400])
    let contender = try timed("g2ic4ih4oc4kh1", [250, 250, 250, 250, 250, 250])
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: ["groups": "2"])
    let speedup = RatioEstimate(
      numerators: baseline.samples, denominators: contender.samples)
    let result = PairResult(pair: pair, speedup: speedup, verdict: .faster, status: .ok)
    let group = GroupResult(
      group: PlanGroup(
        suite: "s", axisNames: ["groups"], entries: [baseline.entry, contender.entry],
        pairs: [pair]), cases: [baseline, contender], pairs: [result])
    let table = ComparisonTable(axes: ["groups"])
    let cells = Dictionary(uniqueKeysWithValues: zip(table.columns, table.row(result, in: group)))
    #expect(cells["mac_ratio"] == "0.5")
    #expect(cells["parameter_ratio"] == "0.5")
    #expect(cells["speedup"] == "1.6")
    #expect(cells["realised"] == "0.8")
    #expect(cells["groups"] == "2")
  }

  @Test("the roof is the lower of arithmetic and memory, at the level where the data lives")
  func roofline() throws {
    let small = try ProblemDescriptor.parse("ic2ih4oc2kh1").problem
    let place = RooflinePlace(
      cost: CostModel(small), nanoseconds: 128, instructionSet: .avx2, workers: 1,
      coldMemory: false, limits: limits)
    // 128 FLOP in 128 ns: 1 GFLOP/s; 128 FLOP / 272 bytes · 200 GB/s = 94.1 below the peak of 100.
    let memoryRoof: Double = 128.0 / 272.0 * 200.0
    let peakShare = try #require(place.peakShare)
    let rooflineShare = try #require(place.rooflineShare)
    let rate = try #require(place.gflopPerSecond)
    #expect(abs(rate.value - 1.0) < 1e-9)
    #expect(abs(peakShare.percent - 1.0) < 1e-9)
    #expect(abs(rooflineShare.percent - 100.0 / memoryRoof) < 1e-9)
    #expect(place.bound == "L1")
    let dense = try ProblemDescriptor.parse("ic64ih8oc64kh3ph1").problem
    let bound = RooflinePlace(
      cost: CostModel(dense), nanoseconds: 1e5, instructionSet: .avx2, workers: 1,
      coldMemory: false, limits: limits
    ).bound
    #expect(bound == "fma")
    let slowed = RooflinePlace(
      cost: CostModel(small), nanoseconds: 128, instructionSet: .avx2, workers: 1,
      coldMemory: false, limits: limits, calibration: 50
    ).peakShare
    #expect(slowed?.percent == 2)
  }

  @Test(
    "numbers of another type stand under the peak of their own instructions, where there are any")
  func peaksOfTypes() throws {
    let problem = try ProblemDescriptor.parse("--dt=bf16 ic64ih8oc64kh3ph1").problem
    var limits = limits
    limits.peaks.append(
      MachineLimits.Peak(
        instructionSet: "avx512-bf16", workers: 1, gflopPerSecond: 250, dataType: .bf16))
    func share(_ set: InstructionSet?) throws -> Double {
      let place = RooflinePlace(
        cost: CostModel(problem), nanoseconds: 1e5, instructionSet: set, dataType: .bf16,
        workers: 1,
        coldMemory: false, limits: limits)
      return try #require(place.peakShare).value
    }
    let (dot, converted, library) = (try share(.avx512bf16), try share(.avx2), try share(nil))
    #expect(abs(converted / dot - 2.5) < 1e-9)
    #expect(library == dot)
    #expect(limits.peak(nil, workers: 1) == 100)
  }

  /// 128 FLOP and 272 bytes: 94.1 GFLOP/s are the roof of L1, 100 the peak.
  @Test(
    "a row above a limit shows no share of it, but the reason; Winograd and data one level nearer do",
    arguments: [
      // 2000 GFLOP/s.
      ("ic2ih4oc2kh1", 0.064, AccuracyClass.exact, "2000 % of the FMA peak"),
      ("ic2ih4oc2kh1", 0.064, nil, "2000 % of the FMA peak"), ("ic2ih4oc2kh1", 0.064, .fast, ""),
      // 98 GFLOP/s: 104 % of L1, within the tolerance; 99.6: beyond.
      ("ic2ih4oc2kh1", 1.3061, .exact, ""), ("ic2ih4oc2kh1", 1.285, .exact, "of L1"),
      // 73,728 bytes in 1 µs are 73 GB/s where memory gives 10 and L1 200; in 0.3 µs 245.
      ("ic32ih16oc32kh1", 6_000, .exact, ""),
      ("g32ic32ih16oc32kh1", 1_000, .exact, ""), ("g32ic32ih16oc32kh1", 300, .exact, "of memory"),
    ] as [(String, Double, AccuracyClass?, String)])
  func beyondLimits(
    descriptor: String, nanoseconds: Double, accuracy: AccuracyClass?, doubt: String
  ) throws {
    var result = try timed(descriptor, [nanoseconds])
    result.accuracy = accuracy
    let table = MeasurementTable(counters: [], limits: limits)
    let cells = Dictionary(
      uniqueKeysWithValues: zip(table.columns, table.row(result, suite: "s")))
    let group = GroupResult(
      group: PlanGroup(suite: "s", axisNames: [], entries: [result.entry], pairs: []),
      cases: [result], pairs: [])
    #expect((cells["roofline_percent"] == "") == !doubt.isEmpty, "\(cells)")
    #expect((cells["peak_percent"] == "") == !doubt.isEmpty)
    #expect((table.contradiction(group) != nil) == !doubt.isEmpty)
    #expect(doubt.isEmpty || cells["reason"]?.contains(doubt) == true)
    #expect(cells["reason"]?.contains("machine --refresh") == !doubt.isEmpty)
  }

  @Test("a pace above the peak is a contradiction, whatever the row reached")
  func contradictedByPace() throws {
    var result = try timed("ic2ih4oc2kh1", [128])
    result.calibration = 300
    let group = GroupResult(
      group: PlanGroup(suite: "s", axisNames: [], entries: [result.entry], pairs: []),
      cases: [result], pairs: [])
    let table = MeasurementTable(counters: [], limits: limits)
    #expect(table.contradiction(group)?.contains("300.0 GFLOP/s") == true)
  }

  @Test("work without multiply-accumulates stands under the bandwidth, and has no other rate")
  func withoutArithmetic() throws {
    var cost = CostModel(try ProblemDescriptor.parse("ic2ih4oc2kh1").problem)
    (cost.macs, cost.macsInsideImage, cost.parameters) = (0, 0, 0)
    let place = RooflinePlace(
      cost: cost, nanoseconds: 136, instructionSet: .avx2, workers: 1, coldMemory: false,
      limits: limits)
    #expect(place.gflopPerSecond == nil && place.peakShare == nil)
    // 272 bytes in 136 ns are 2 GB/s of 200.
    #expect(place.rooflineShare?.percent == 1)
    #expect(place.bound == "L1")
    let dense = CostModel(try ProblemDescriptor.parse("ic2ih4oc2kh1").problem)
    for (baseline, contender) in [(cost, dense), (dense, cost), (cost, cost)] {
      let promise = Promise(baseline: baseline, contender: contender)
      #expect(promise.macRatio == nil)
      #expect(promise.realised(speedup: 2) == nil)
      #expect(promise.trafficRatio?.value == 1)
      #expect(promise.reason != nil)
    }
    #expect(Promise(baseline: dense, contender: dense).reason == nil)
    let quarter = Promise(baseline: dense, contender: dense, instructionRatio: 4)
    #expect(quarter.realised(speedup: 3)?.value == 0.75)
  }

  @Test(
    "a rate is a positive number, or none",
    arguments: [
      (1, 0), (0, 1), (0, 0), (-1, 1), (1, -1), (.nan, 1), (1, .nan), (.infinity, 1),
      (1, .infinity), (1e308, 1e-308),
    ] as [(Double, Double)])
  func noRate(amount: Double, divisor: Double) {
    #expect(Rate(amount, per: divisor) == nil)
  }

  @Test("a pooling that is measured prints neither nan nor inf nor zero GFLOP/s")
  func pooling() throws {
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", baseline: { name: "max", input: "ic8ih16",
            block: [{ name: "p", pool: "max", window: "kh3sh2ph1" }] },
          contender: { name: "avg", input: "ic8ih16",
            block: [{ name: "p", pool: "avg", window: "kh3sh2ph1" }] } }
        """, file: "f", name: "s")
    let cases = suite.cases.map { suiteCase in
      var result = CaseResult(
        entry: PlanEntry(
          suiteCase: suiteCase, contender: .unsupported(name: "k", reason: ""), workers: 1,
          cache: .warm), status: .ok, reason: "selected: it is the only one")
      result.iterations = 1
      result.samples = [100, 110, 120, 130, 140, 150, 160]
      result.time = Estimate(samples: result.samples)
      return result
    }
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])
    let group = GroupResult(
      group: PlanGroup(suite: "s", axisNames: [], entries: cases.map(\.entry), pairs: [pair]),
      cases: cases, noiseFloor: 0.01)
    let measurements = MeasurementTable(counters: [], limits: limits)
    let comparisons = ComparisonTable(axes: [])
    let row = Dictionary(
      uniqueKeysWithValues: zip(measurements.columns, measurements.row(cases[0], suite: "s")))
    #expect(row["gflop_per_s"] == "" && row["peak_percent"] == "" && row["flop_per_byte"] == "")
    #expect(row["roofline_percent"] != "" && row["bound"] == "L1")
    #expect(
      row["reason"]
        == "selected: it is the only one; no multiply-accumulates: the bandwidth is its only roof")
    let compared = Dictionary(
      uniqueKeysWithValues: zip(comparisons.columns, comparisons.row(group.pairs[0], in: group)))
    #expect(compared["mac_ratio"] == "" && compared["realised"] == "")
    #expect(compared["speedup"] == "1")
    #expect(compared["reason"]?.contains("nothing is promised") == true)
    let rows = try SuiteRows(
      measurements: CSVTable(
        parsing: ([measurements.columns] + cases.map { measurements.row($0, suite: "s") })
          .map(CSVWriter.line).joined()),
      comparisons: CSVTable(
        parsing: ([comparisons.columns] + [comparisons.row(group.pairs[0], in: group)])
          .map(CSVWriter.line).joined()))
    let network = NetworkAnswer(rows)
    let text =
      (Answer(suite, rows: rows, limits: limits).lines(width: nil) + network.paragraphs
      + (network.exhibit?.table.lines() ?? []))
      .joined(separator: "\n").lowercased()
    #expect(text.contains("expect 1.00×"))
    for lie in ["nan", "inf×", "inf ", "-inf", " 0 gflop", "0.0 gflop"] {
      #expect(!text.contains(lie), "\(lie) in \(text)")
    }
  }

  @Test(
    "a comparison of disturbed rounds shows neither speedup nor share, on the console or in CSV")
  func disturbedRow() throws {
    let cases = try ["ic4ih4oc4kh1", "g2ic4ih4oc4kh1"].map { descriptor in
      var result = try timed(descriptor, [400, 410])
      result.status = .disturbed
      result.reason =
        "undecided (disturbed): 2 of 90 rounds were calm, and it takes 6 (waited in 88)"
      return result
    }
    let pair = PlanPair(comparison: "x", baseline: 0, contender: 1, axes: [:])
    let group = GroupResult(
      group: PlanGroup(suite: "s", axisNames: [], entries: cases.map(\.entry), pairs: [pair]),
      cases: cases, noiseFloor: 0.01)
    let table = ComparisonTable(axes: [])
    let cells = Dictionary(
      uniqueKeysWithValues: zip(table.columns, table.row(group.pairs[0], in: group)))
    #expect(cells["speedup"] == "" && cells["realised"] == "")
    #expect(cells["status"] == "disturbed" && cells["verdict"] == "inconclusive")
    #expect(cells["reason"] == cases[0].reason)
    let columns = MeasurementTable(counters: [], limits: limits)
    let rows = try SuiteRows(
      measurements: CSVTable(
        parsing: ([columns.columns] + cases.map { columns.row($0, suite: "s") })
          .map(CSVWriter.line).joined()),
      comparisons: CSVTable(
        parsing: ([table.columns] + [table.row(group.pairs[0], in: group)])
          .map(CSVWriter.line).joined()))
    let exhibit = ComparedTable(rows, series: [], runtimes: [], moreWorkers: []).exhibit
    let shown = try #require(exhibit).table
    #expect(shown.lines()[2].contains("disturbed"))
    #expect(shown.lines()[2].contains("—"))
  }

  @Test("the columns that scripts hold are in the order of the schema")
  func columns() {
    let measurements = """
      suite, case, problem, kernel, isa, layout, workers, cache, rounds, time_ns_median, \
      time_ns_lo, time_ns_hi, time_ns_min, gflop_per_s, peak_percent, roofline_percent, \
      bound, macs, parameters, traffic_bytes, flop_per_byte, worker_imbalance, stopped_by, \
      status, reason
      """
    let comparisons = """
      suite, comparison, baseline_case, contender_case, baseline_kernel, contender_kernel, \
      workers, cache, rounds, baseline_time_ns, contender_time_ns, speedup, speedup_lo, \
      speedup_hi, mac_ratio, parameter_ratio, traffic_ratio, realised, verdict, status, reason
      """
    #expect(RunTable.measurements.columns.prefix(25).joined(separator: ", ") == measurements)
    #expect(RunTable.comparisons.columns.joined(separator: ", ") == comparisons)
  }

  @Test("a table of text aligns numbers right and names left")
  func textTable() {
    var table = TextTable([("name", .left), ("n", .right)])
    table.append(["a", "10"])
    table.append(["long", "5"])
    #expect(table.lines(indent: 0) == ["name   n", "────  ──", "a     10", "long   5"])
  }
}
