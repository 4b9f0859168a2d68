// SPDX-License-Identifier: Apache-2.0

import Inputs
import Testing

@testable import Measuring
@testable import Reporting
@testable import Suites

@Suite("Answers to what a data type brings")
struct PrecisionAnswerTests {
  private func table(_ columns: [String], _ rows: [[String: String]]) throws -> CSVTable {
    let cells = rows.map { row in columns.map { row[$0] ?? "" } }
    return try CSVTable(parsing: ([columns] + cells).map(CSVWriter.line).joined())
  }

  private func measured(
    _ name: String, _ type: String, kernel: Int = 3, groups: Int = 1, peak: Double, roof: Double,
    time: Double
  ) -> [String: String] {
    [
      "case": name, "kernel": "k", "workers": "1", "cache": "warm", "status": "ok", "dt": type,
      "time_ns_median": "\(time)", "peak_percent": "\(peak)", "roofline_percent": "\(roof)",
      "bound": "fma", "groups": "\(groups)", "in_channels": "8", "kernel_height": "\(kernel)",
      "kernel_width": "\(kernel)", "relative_rms_error": "0.002",
    ]
  }

  private func compared(_ name: String, _ base: String, speedup: Double) -> [String: String] {
    [
      "comparison": name, "baseline_case": base, "contender_case": name, "baseline_kernel": "k",
      "contender_kernel": "k", "workers": "1", "cache": "warm", "status": "ok",
      "verdict": "faster", "speedup": "\(speedup)", "speedup_lo": "\(speedup)",
      "speedup_hi": "\(speedup)", "mac_ratio": "1", "realised": "\(speedup)",
    ]
  }

  private func answer() throws -> Answer {
    let measurements = try table(
      RunTable.measurements.columns,
      [
        measured("a", "f32", peak: 90, roof: 90, time: 200),
        measured("a bf16", "bf16", peak: 81, roof: 81, time: 111),
        measured("d", "f32", groups: 8, peak: 40, roof: 80, time: 200),
        measured("d bf16", "bf16", groups: 8, peak: 10, roof: 20, time: 400),
      ])
    let comparisons = try table(
      RunTable.comparisons.columns,
      [compared("a bf16", "a", speedup: 1.8), compared("d bf16", "d", speedup: 0.5)])
    let suite = try Suites.Suite(
      parsing: """
        { title: "t", question: "q?", comparisons: [
          { baseline: { name: "a", steps: "ic8ih4oc8kh3" },
            contender: { name: "a bf16", steps: "ic8ih4oc8kh3", dt: "bf16" } },
          { baseline: { name: "d", steps: "g8ic8ih4oc8kh3" },
            contender: { name: "d bf16", steps: "g8ic8ih4oc8kh3", dt: "bf16" } }] }
        """, file: "f", name: "s")
    return Answer(
      suite, rows: SuiteRows(measurements: measurements, comparisons: comparisons),
      limits: MachineLimits(
        machine: "m", measuredAt: "", peaks: [], bandwidths: [], forkJoins: [],
        clockNanoseconds: 20))
  }

  @Test("it says for each type and class what to expect")
  func sentence() throws {
    let answer = try answer()
    #expect(
      answer.sentence
        == "Against f32, as geometric means over a class: bf16 0.50× (depthwise) to 1.80× (3×3).")
    let lines = answer.lines(width: 80)
    #expect(lines.contains { $0.contains("3×3") && $0.contains("1.80×") && $0.hasSuffix("1") })
    #expect(lines.contains { $0.contains("depthwise") && $0.contains("0.50×") })
  }

  @Test("a narrow terminal shows the verdict of each")
  func narrow() throws {
    for width in [80, 100] {
      let lines = try answer().lines(width: width)
      let row = try #require(lines.first { $0.contains("d bf16") })
      #expect(row.contains("faster") && lines.allSatisfy { $0.count <= width }, "\(lines)")
    }
  }

  @Test("both promises follow from the gain and the shares of the roofs")
  func promises() throws {
    let lines = try answer().lines(width: nil).joined(separator: "\n")
    let dense = lines.split(separator: "\n").first { $0.contains("a bf16") && $0.contains("2.00×") }
    #expect(dense?.contains("90 %") == true, "\(lines)")
    #expect(lines.contains("d bf16 keeps least of its promise (25 %)"), "\(lines)")
  }
}
