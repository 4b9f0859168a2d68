// SPDX-License-Identifier: Apache-2.0

import Foundation
import Inputs
import Testing

@testable import Comparing

@Suite("Exports of a run")
struct RunExportTests {
  private func run() throws -> StoredRun {
    try RunFixture(cases: [
      .init(name: "a, 1", times: [10, 30, 20, 999], disturbed: [3]),
      .init(name: "b", times: [], status: "unsupported"),
    ]).stored()
  }

  private let name = "quick/a, 1/direct/nchw8c/6x2/avx2/workers:1/warm"

  @Test("Google Benchmark: a repetition per counted round, with what compare.py looks at")
  func googleBenchmark() throws {
    let data = Data(try RunExport.googleBenchmark(try run()).utf8)
    let object = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let context = try #require(object["context"] as? [String: Any])
    #expect(context["json_schema_version"] as? Int == 1)
    #expect(context["host_name"] as? String == "")
    let rows = try #require(object["benchmarks"] as? [[String: Any]])
    #expect(rows.map { $0["real_time"] as? Double } == [10, 30, 20])
    #expect(rows.map { $0["cpu_time"] as? Double } == [10, 30, 20])
    #expect(rows.map { $0["repetition_index"] as? Int } == [0, 1, 2])
    for row in rows {
      #expect(row["name"] as? String == name)
      #expect(row["run_name"] as? String == name)
      #expect(row["run_type"] as? String == "iteration")
      #expect(row["repetitions"] as? Int == 3)
      #expect(row["time_unit"] as? String == "ns")
      #expect(row["threads"] as? Int == 1)
      #expect(row["iterations"] as? Int == 10)
      #expect(row["family_index"] as? Int == 0)
      #expect(row["per_family_instance_index"] as? Int == 0)
    }
  }

  @Test("Bencher: a latency per case, with bounds")
  func bencher() throws {
    let data = Data(try RunExport.bencher(try run()).utf8)
    let object = try #require(
      try JSONSerialization.jsonObject(with: data) as? [String: [String: [String: Double]]])
    #expect(
      object == [
        name: ["latency": ["value": 20, "lower_value": 10, "upper_value": 30]]
      ])
  }

  @Test("Otava: a row per run in the order of time, a column per case of all runs, quoted")
  func otava() throws {
    let first = try run()
    let second = try RunFixture(cases: [
      .init(name: "a, 1", times: [5]), .init(name: "only here", times: [7]),
    ]).stored()
    let table = try CSVTable(parsing: RunExport.otava([first, second]))
    #expect(table.columns == ["time", "commit", "version", name])
    #expect(table.rows.map { $0[name] } == ["20.0", "5.0"])
    #expect(table.rows[0]["commit"] == "abc")
  }
}
