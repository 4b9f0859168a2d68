// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Inputs
import Testing

@Suite("The program's gates and runs in fresh processes")
struct ProgramTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "gating-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  @Test("skip what an equal program would compute alike, and pass")
  func unchanged() throws {
    try withFolder { folder in
      let copy = folder.appending(path: "old")
      try FileManager.default.copyItem(at: Program.url, to: copy)
      let run = try Program(
        [
          "gate", "--against", copy.path(), "gate-check", "--skip-unchanged", "--output",
          folder.path(),
        ], in: folder)
      #expect(run.exitCode == 0)
      let report = try JSONDecoder().decode(
        GateReport.self, from: Data(contentsOf: folder.appending(path: "gate.json")))
      #expect(report.code == "machine code unchanged in both builds")
      #expect(report.cases.count == 12)
      #expect(report.cases.allSatisfy { $0.isUnchanged == true && $0.status == .skipped })
    }
  }

  @Test("refuse what contradicts or means nothing, naming option, value and what is accepted")
  func usage() throws {
    try withFolder { folder in
      let gate = ["gate", "--skip-unchanged"]
      for (words, expected) in [
        (gate + ["--against", Program.url.path(), "--slow-down", "ic1*=3%"], "--slow-down"),
        (gate + ["--baseline", folder.path()], "--baseline"),
        (["run", "--processes", "0"], "‘0’"), (["run", "--processes", "two"], "‘two’"),
        (["run", "--processes", "-1"], "‘-1’"),
      ] {
        let run = try Program(words, in: folder)
        #expect(run.exitCode == 64)
        #expect(run.standardError.contains(expected))
        #expect(run.standardError.contains("accepted"))
      }
    }
  }

  @Test("spread a run's rounds over fresh processes and say which round is of which")
  func processes() throws {
    try withFolder { folder in
      let batch = folder.appending(path: "small.txt")
      try Data("ic8ih10oc8kh3ph1\n".utf8).write(to: batch)
      let output = folder.appending(path: "run")
      let run = try Program(
        [
          "run", batch.path(), "--budget", "30s", "--processes", "6", "--kernels", "best",
          "--output", output.path(), "--no-progress",
        ], in: folder)
      // On a machine that is too busy nothing is decided, and that is no fault of the program.
      if run.exitCode == 4, run.standardError.contains("nothing is decided") { return }
      #expect(run.exitCode == 0)
      #expect(run.standardError.contains("noise floor of the verdicts: 0.64 %"))
      #expect(run.standardError.contains("each group in 6 fresh processes"))
      let suite = try StoredRun(output)
      let name = try #require(suite.suites.first)
      let files = output.appending(path: name)
      let samples = try CSVTable(.samples, in: files)
      #expect(Set(samples.rows.map { $0["process"] }) == Set((0..<6).map { String($0) }))
      let row = try #require(try CSVTable(.measurements, in: files).rows.first)
      #expect(row["processes"] == "6")
      #expect(row["time_ns_lo"]?.isEmpty == false)
      // One value per process is what other runs compare with.
      #expect(suite.cases.first?.samples.count == 6)
    }
  }
}
