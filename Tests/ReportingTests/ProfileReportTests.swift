// SPDX-License-Identifier: Apache-2.0

import Convolution
import Counters
import Foundation
import Planning
import Statistics
import Suites
import Testing

@testable import Measuring
@testable import Reporting

@Suite("What a profile writes")
struct ProfileReportTests {
  private func profile() throws -> CaseProfile {
    var kernel = PhaseProfile(name: "kernel", tasks: 4, workers: 2)
    let spans = [
      [span(0, 0, 1000, .tasks(first: 0, count: 2)), span(0, 1000, 1500, .wait)],
      [span(1, 100, 1600, .tasks(first: 2, count: 2)), span(1, 1600, 1600, .wait)],
    ]
    for (worker, spans) in spans.enumerated() { kernel.add(spans, phase: 0, worker: worker) }
    kernel.counters = [7.0, 9.0].map {
      [CounterReading(name: "c", value: $0, source: Provenance(.software))]
    }
    let step = try ProblemDescriptor.parse("ic2ih4oc2kh1")
    return CaseProfile(
      entry: PlanEntry(
        suiteCase: SuiteCase(name: "a \"case\"", steps: [step]),
        contender: .unsupported(name: "k", reason: ""), workers: 2, cache: .warm),
      implementation: nil, cpus: [4, 6], phases: [kernel],
      time: Estimate(samples: Array(repeating: 1500, count: 7)), wholeNanoseconds: 1500,
      overhead: RatioEstimate(
        numerators: Array(repeating: 1515, count: 7), denominators: Array(repeating: 1500, count: 7)
      ), preparationNanoseconds: 5e6, calibration: nil, timeline: spans)
  }

  private func span(
    _ worker: Int, _ start: UInt64, _ end: UInt64, _ work: ProfileSpan.Work
  ) -> ProfileSpan {
    ProfileSpan(
      worker: worker, phase: 0, iteration: 0, work: work, start: start + 5_000_000,
      end: end + 5_000_000)
  }

  @Test("The trace is JSON with a named row per worker and a slice per span, from time 0 on")
  func trace() throws {
    let data = try ChromeTrace(try profile()).json()
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let events = try #require(root["traceEvents"] as? [[String: Any]])
    let slices = events.filter { $0["ph"] as? String == "X" }
    #expect(slices.map { $0["name"] as? String } == ["kernel", "wait", "kernel", "wait"])
    #expect(slices.map { $0["ts"] as? Double } == [0, 1, 0.1, 1.6])
    #expect(slices.map { $0["dur"] as? Double } == [1, 0.5, 1.5, 0])
    #expect(slices.map { $0["tid"] as? Int } == [1, 1, 2, 2])
    let tiles = slices.map { ($0["args"] as? [String: Any])?["first"] as? Int }
    #expect(tiles == [0, nil, 2, nil])
    let names = events.filter { $0["name"] as? String == "thread_name" }
      .map { ($0["args"] as? [String: Any])?["name"] as? String }
    #expect(names == ["worker 0 on CPU 4", "worker 1 on CPU 6"])
  }

  @Test("The trace keeps the rules of the Trace Event Format, and of Perfetto's reader")
  func traceFormat() throws {
    let data = try ChromeTrace(try profile()).json()
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(["ms", "ns"].contains(root["displayTimeUnit"] as? String))
    let events = try #require(root["traceEvents"] as? [[String: Any]])
    for event in events {
      #expect(event["name"] is String && event["pid"] is Int && event["args"] is [String: Any])
      // 0 is the kernel's idle thread, which Perfetto takes for the first thread of the process.
      #expect(try #require(event["tid"] as? Int) > 0)
      switch event["ph"] as? String {
      case "M":
        #expect(["process_name", "thread_name"].contains(event["name"] as? String))
        #expect((event["args"] as? [String: Any])?["name"] is String)
      case "X":
        #expect(try #require(event["ts"] as? Double) >= 0)
        #expect(try #require(event["dur"] as? Double) >= 0)
        #expect(event["cat"] is String)
      default: Issue.record("an event of another kind: \(event)")
      }
    }
    // A thread's slices are drawn nested where they overlap, and dropped where they cross.
    let slices = Dictionary(grouping: events.filter { $0["ph"] as? String == "X" }) {
      $0["tid"] as? Int
    }
    let named = events.filter { $0["name"] as? String == "thread_name" }.map { $0["tid"] as? Int }
    #expect(Set(slices.keys) == Set(named) && named.count == Set(named).count)
    for row in slices.values {
      for (slice, next) in zip(row, row.dropFirst()) {
        let end = try #require(slice["ts"] as? Double) + (try #require(slice["dur"] as? Double))
        #expect(try #require(next["ts"] as? Double) >= end - 1e-9)
      }
    }
  }

  @Test("The table has a row per phase and worker, whose shares and waiting make up the whole")
  func table() throws {
    let table = ProfileTable(counters: ["c", "d"])
    let rows = table.rows(try profile()).map {
      Dictionary(uniqueKeysWithValues: zip(table.columns, $0))
    }
    #expect(rows.map { $0["busy_ns"] } == ["1000.0", "1500.0"])
    #expect(rows.map { $0["wait_ns"] } == ["500.0", "0.0"])
    #expect(rows.map { $0["share_percent"] } == ["33.3333", "50"])
    #expect(rows.map { $0["wait_percent"] } == ["16.6667", "0"])
    #expect(rows.map { $0["cpu"] } == ["4", "6"])
    #expect(rows.map { $0["counter:c"] } == ["7.0", "9.0"])
    #expect(rows.map { $0["counter:d"] } == ["", ""])
  }

  @Test("The summary says phases, waiting, imbalance, both rates and what profiling cost")
  func summary() throws {
    let limits = MachineLimits(
      machine: "m", measuredAt: "",
      peaks: [MachineLimits.Peak(instructionSet: "avx2", workers: 2, gflopPerSecond: 1)],
      bandwidths: [], forkJoins: [], clockNanoseconds: 0)
    let group = CounterGroup(eventNames: ["c", "d"])
    let lines = ProfileReport(try profile(), limits: limits, group: group).lines()
    let text = lines.joined(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("  kernel") && $0.contains("83.3") })
    #expect(lines.contains { $0.hasPrefix("  wait") && $0.contains("16.7") })
    #expect(text.contains("imbalance (largest over mean busy time)  1.200"))
    // 128 FLOP in 1500 ns, and in the five sixths of it that are inside tasks.
    #expect(text.contains("0.1 GFLOP/s, 9 % of the FMA peak"))
    #expect(text.contains("0.1 GFLOP/s, 10 % of the FMA peak"))
    #expect(text.contains("profiling cost +1.0 %"))
    #expect(lines.contains { $0.hasPrefix("  c ") && $0.contains("16") })
  }

  @Test("Strips, whose phases repeat, are one line of the summary for each name")
  func strips() throws {
    var profile = try profile()
    profile.phases += profile.phases
    let merged = try #require(profile.phasesByName.first)
    #expect(profile.phasesByName.count == 1 && merged.count == 2)
    #expect(merged.phase.busyNanoseconds == [2000, 3000])
    let limits = MachineLimits(
      machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [], clockNanoseconds: 0)
    let lines = ProfileReport(profile, limits: limits, group: CounterGroup(eventNames: [])).lines()
    #expect(lines.filter { $0.hasPrefix("  kernel") }.count == 1)
    #expect(lines.contains { $0.hasPrefix("  kernel, 2 times") && $0.contains("83.3") })
  }
}
