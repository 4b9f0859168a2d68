// SPDX-License-Identifier: Apache-2.0

import Inputs
import Suites
import Testing

@testable import Measuring
@testable import Reporting

@Suite("What a whole network's numbers say")
struct WholeAnswerTests {
  private func table(_ columns: [String], _ rows: [[String: String]]) throws -> CSVTable {
    let cells = rows.map { row in columns.map { row[$0] ?? "" } }
    return try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined())
  }

  private func rows() throws -> SuiteRows {
    let measured = [
      ("net unfused", "block/unfused/avx2"), ("net fused", "block/fused/avx2"),
      ("net fused", "ort"),
    ]
    let measurements = try table(
      RunTable.measurements.columns,
      measured.enumerated().map { place, row in
        [
          "case": row.0, "kernel": row.1, "workers": "1", "cache": "warm", "status": "ok",
          "time_ns_median": "\([2_000_000, 1_000_000, 1_500_000][place])",
          "time_ns_lo": "900000", "time_ns_hi": "2100000", "relative_rms_error": "2e-07",
        ]
      })
    let comparisons = try table(
      RunTable.comparisons.columns,
      [(0, "2", "2000000"), (2, "1.5", "1500000")].map { place, speedup, time in
        [
          "baseline_case": measured[place].0, "baseline_kernel": measured[place].1,
          "contender_case": "net fused", "contender_kernel": "block/fused/avx2", "workers": "1",
          "cache": "warm", "status": "ok", "speedup": speedup, "speedup_lo": speedup,
          "speedup_hi": speedup, "baseline_time_ns": time,
        ]
      })
    var rows = SuiteRows(measurements: measurements, comparisons: comparisons)
    let layers = try table(
      RunTable.layers.columns,
      [("a", "1×1", "300000.0", "100"), ("b+c", "no convolution", "690000.0", "0")].map {
        name, kind, time, macs in
        [
          "case": "net fused", "kernel": "block/fused/avx2", "workers": "1", "layer": name,
          "operation": "op", "class": kind, "time_ns": time, "macs": macs, "bound": "fma",
          "roofline_percent": "50", "whole_time_ns": "1100000.0",
        ]
      })
    rows.layers = layers.rows.compactMap(InPlaceRow.init)
    return rows
  }

  @Test("what it takes, beside other runtimes, and where the time goes")
  func answer() throws {
    let limits = MachineLimits(
      machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [], clockNanoseconds: 20)
    let answer = Answer(
      Suites.Suite(name: "net-whole", title: "t"), rows: try rows(), limits: limits)
    #expect(
      answer.sentence
        == "From end to end it takes 1 ms (0.9…2.1) with 1 worker; node after node "
        + "2.00× (2.00…2.00) as long.")
    #expect(answer.asked == ["ort takes 1.5 ms with 1 worker: 1.50× (1.50…1.50) as long as ours."])
    #expect(
      answer.paragraphs.last
        == "In place the layers add up to 990 µs with 1 worker, 90 % of 1.1 ms in the same slices "
        + "of time without a clock between them.")
    let titles = answer.exhibits.map(\.title)
    #expect(
      titles == [
        "From end to end",
        "Where the time goes, each layer in its place inside the whole, 1 worker",
        "Share by class, 1 worker",
      ])
    // The layers by time, and the classes that there are.
    let places = answer.exhibits[1].table.markdown().joined(separator: "\n")
    #expect(places.contains("| b+c | op | 690 µs | 70 % | 70 % |"))
    #expect(places.contains("| a | op | 300 µs | 30 % | 100 % |"))
    #expect(!answer.exhibits[2].table.markdown().joined().contains("depthwise"))
  }
}
