// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation

/// A folder as `run` writes it, with made-up times; removed with the last reference.
final class RunFixture {
  let url: URL

  /// A case of the fixture.
  struct Case {
    var name: String
    var times: [Double]
    var kernel = "direct/nchw8c/6x2/avx2"
    var status = "ok"
    var disturbed: Set<Int> = []
    /// The process of each round; empty where the file has no such column.
    var processes: [Int] = []
  }

  init(
    schema: Int = 1, cpu: String = "EPYC", load: Double = 0.5, floorBetweenRuns: Double? = nil,
    processes: Int? = 15, suite: String = "quick", cases: [Case]
  ) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "comparing-\(UUID())")
    let folder = url.appending(path: suite)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var record: [String: Any] = [
      "schema": schema, "version": "0.1.0", "startedAt": "2026-01-01T00:00:00Z",
      "noiseFloor": 0.0064, "suites": [suite],
      "environment": [
        "machine": cpu.lowercased(), "cpuModel": cpu, "loadAverage": load, "revision": "abc",
        "allowedCPUs": [0, 1], "caches": [["level": 1, "bytes": 32768]],
      ] as [String: Any],
      "libraries": ["openblas": "0.3.21"],
    ]
    record["processes"] = processes
    record["noiseFloorBetweenRuns"] = floorBetweenRuns
    try JSONSerialization.data(withJSONObject: record).write(to: url.appending(path: "run.json"))
    var measurements =
      "suite,case,problem,kernel,workers,cache,time_ns_median,time_ns_lo,time_ns_hi,"
      + "macs,iterations,status,reason\n"
    var samples =
      "suite,case,kernel,workers,cache,round,iterations,time_ns,counted,disturbed"
      + (cases.contains { !$0.processes.isEmpty } ? ",process\n" : "\n")
    for one in cases {
      let calm = one.times.indices.filter { !one.disturbed.contains($0) }.map { one.times[$0] }
      let sorted = calm.sorted()
      let middle = sorted.isEmpty ? "" : String(sorted[sorted.count / 2])
      measurements +=
        "\(suite),\"\(one.name)\",ic1ih1oc1kh1,\(one.kernel),1,warm,\(middle),"
        + "\(sorted.first.map { "\($0)" } ?? ""),\(sorted.last.map { "\($0)" } ?? ""),"
        + "1000,10,\(one.status),\(one.status == "ok" ? "" : "because")\n"
      for (round, time) in one.times.enumerated() {
        let isDisturbed = one.disturbed.contains(round)
        samples +=
          "\(suite),\"\(one.name)\",\(one.kernel),1,warm,\(round),10,\(time),"
          + (isDisturbed ? "0,stolen" : "1,")
          + (one.processes.isEmpty ? "\n" : ",\(one.processes[round])\n")
      }
    }
    try measurements.write(
      to: folder.appending(path: "measurements.csv"), atomically: false, encoding: .utf8)
    try samples.write(
      to: folder.appending(path: "samples.csv"), atomically: false, encoding: .utf8)
  }

  /// The run as it is read; the folder stays until then.
  func stored() throws -> StoredRun {
    try withExtendedLifetime(self) { try StoredRun(url) }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Forty times around `center`, in an order that repeats nothing.
  static func times(_ center: Double) -> [Double] {
    (0..<40).map { center * (1 + Double($0 * 17 % 40 - 20) / 4000) }
  }
}
