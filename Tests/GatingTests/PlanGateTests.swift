// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Inputs
import Testing

/// Real gates of this program against itself over a chain, a block and a convolution.
///
/// What the machine's noise leaves undecided is no fault of theirs.
@Suite("A gate over a plan", .serialized)
struct PlanGateTests {
  private static let suite = """
    {
      title: "small", question: "Is it the same?", source: "made up",
      comparisons: [{
        name: "forms",
        baseline: { name: "chain", steps: ["ic8ih8oc8kh3ph1", "ic8ih8oc8kh1"] },
        contender: {
          name: "block", input: "ic8ih8",
          block: [
            { name: "a", conv: "oc8kh3ph1", epilogue: "bias+relu" },
            { name: "out", add: ["a", "input"], epilogue: "relu" },
          ],
        },
      }],
      cases: ["ic8ih8oc8kh3ph1n\\"plain\\""],
    }
    """

  private func gate(
    _ words: [String], base: String? = nil, budget: String = "40s"
  ) throws -> (run: Program, report: GateReport, rounds: [CSVTable.Row]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "plan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "small.json5")
    try Data(Self.suite.utf8).write(to: file)
    var program = Program.url.path()
    if let base {
      program = folder.appending(path: "old").path()
      try Data("#!/bin/sh\n\(base)".utf8).write(to: URL(filePath: program))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }
    let output = folder.appending(path: "out")
    let run = try Program(
      [
        "gate", "--against", program, file.path(), "--budget", budget, "--output", output.path(),
      ] + words, in: folder)
    let report = try JSONDecoder().decode(
      GateReport.self, from: Data(contentsOf: output.appending(path: "gate.json")))
    let rounds = try CSVTable(
      parsing: String(contentsOf: output.appending(path: "gate-rounds.csv"), encoding: .utf8)
    ).rows
    return (run, report, rounds)
  }

  @Test("measures chains and blocks as convolutions, each in both builds, and none is slower")
  func everything() throws {
    let (run, report, rounds) = try gate(["--cache", "warm,cold"])
    #expect([0, 4].contains(run.exitCode), "\(run.standardError)")
    let names = ["plain", "chain", "block"].flatMap { [$0, "\($0), cold"] }
    #expect(Set(report.cases.map(\.name)) == Set(names))
    for one in report.cases {
      #expect(one.status == .ok, "\(one.reason)")
      #expect(one.verdict != "slower" && one.verdict != "faster", "\(one)")
      let own = rounds.filter { $0["case"] == one.name }
      #expect(!own.isEmpty)
      #expect(
        own.allSatisfy { ($0["warm_up_iterations"] == "0") == one.name.hasSuffix(", cold") })
      #expect(one.newImplementation == one.baseImplementation)
      #expect(one.newImplementation?.hasPrefix("block/fused") == one.name.hasPrefix("block"))
    }
  }

  @Test("finds a block that was made slower, and leaves the chain alone")
  func slowedBlock() throws {
    let (run, report, _) = try gate(["--slow-down", "*add*=50%"])
    let block = try #require(report.cases.first { $0.name.hasPrefix("block") })
    #expect(report.cases.allSatisfy { $0.name == block.name || $0.verdict != "slower" })
    if block.verdict == "inconclusive", report.exitCode == 4 { return }
    #expect(block.verdict == "slower" && run.exitCode == 2, "\(block)")
  }

  @Test("compares convolutions alone where a build knows no entries, and says so")
  func olderBuild() throws {
    let program = Program.url.path()
    let old = "\"\(program)\" \"$@\" | sed -u 's/,\"plans\":[0-9]*//;s/\"plans\":[0-9]*,//'\n"
    let (run, report, rounds) = try gate([], base: old, budget: "8s")
    #expect(run.standardError.contains("too old for entries of a plan"), "\(run.standardError)")
    for one in report.cases {
      #expect((one.status == .ok) == one.name.hasPrefix("plain"), "\(one.name): \(one.reason)")
      if one.name.hasPrefix("block") { #expect(one.reason.contains("too old for entries")) }
      if one.name.hasPrefix("chain") { #expect(one.reason.contains("single convolutions only")) }
    }
    #expect(Set(rounds.map { $0["case"] }) == ["plain"])
  }

  @Test("times nothing whose output its build finds wrong")
  func wrongOutput() throws {
    let program = Program.url.path()
    let wrong =
      "\"\(program)\" \"$@\" | sed -u 's/\"handle\":[0-9]*/\"wrong\":\"off by one\"/'\n"
    let (_, report, rounds) = try gate(["--only", "block"], base: wrong, budget: "8s")
    #expect(!report.cases.isEmpty)
    #expect(
      report.cases.allSatisfy {
        $0.status == .skipped && $0.reason == "base build: off by one"
      })
    #expect(rounds.isEmpty && report.exitCode == 4)
  }
}
