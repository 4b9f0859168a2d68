// SPDX-License-Identifier: Apache-2.0

import Comparing
import Foundation
import Testing

/// Stored runs and suites are data: they start nothing and write nowhere that the user did not say.
@Suite("What files from elsewhere may do")
struct TrustTests {
  /// Few rounds, and time enough for them on a busy machine.
  private static let briefly = ["--budget", "20s", "--precision", "50%"]

  /// A run of one small problem, made once: a folder that holds the suite `mine.txt` and `run`.
  private static let original: Result<URL, any Error> = Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "trust-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("ic4ih6oc4kh3ph1\n".utf8).write(to: folder.appending(path: "mine.txt"))
    let run = try Program(
      ["run", "mine.txt"] + Self.briefly + ["--output", "run", "--no-progress"], in: folder,
      here: folder)
    try #require(run.exitCode == 0, "\(run.standardError)")
    return folder
  }

  /// A copy of it.
  private func withRun(_ body: (_ folder: URL, _ run: URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "trust-\(UUID())")
    try FileManager.default.copyItem(at: try Self.original.get(), to: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder, folder.appending(path: "run"))
  }

  private func edit(_ run: URL, _ change: (inout [String: Any]) throws -> Void) throws {
    let file = run.appending(path: "run.json")
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    var record = try #require(object as? [String: Any])
    try change(&record)
    try JSONSerialization.data(withJSONObject: record).write(to: file)
  }

  /// A program that leaves `started` in its folder when it is started.
  private func marker(in folder: URL) throws -> String {
    let script = folder.appending(path: "evil")
    let mark = folder.appending(path: "started").path()
    try Data("#!/bin/sh\necho x >>'\(mark)'\nexit 69\n".utf8).write(to: script)
    chmod(script.path(), 0o755)
    return script.path()
  }

  private func isStarted(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "started").path())
  }

  @Test("suites of a stored run are operands, and options in their place are none")
  func baselineSuites() throws {
    try withRun { folder, run in
      let evil = try marker(in: folder)
      for suite in ["--peer=evil=\(evil)", "--peer", "-x"] {
        try edit(run) { record in record["suites"] = [suite] }
        try FileManager.default.createDirectory(
          at: run.appending(path: suite), withIntermediateDirectories: true)
        for file in ["measurements.csv", "samples.csv"] {
          try? FileManager.default.copyItem(
            at: run.appending(path: "mine/\(file)"), to: run.appending(path: "\(suite)/\(file)"))
        }
        for counts in [[], ["--counts"]] {
          let gate = try Program(
            ["gate", "--baseline", run.path(), "--output", folder.path() + "/gate"] + counts,
            in: folder)
          #expect(gate.exitCode != 0, "\(suite): \(gate.standardError)")
          #expect(!isStarted(folder), "\(suite) was an option")
        }
      }
    }
  }

  @Test("suites of a stored run lie in its folder", arguments: ["../x", "/etc", "a//b", "", "."])
  func plainSuites(_ suite: String) throws {
    try withRun { folder, run in
      try edit(run) { record in record["suites"] = [suite] }
      let export = try Program(["export", run.path()], in: folder)
      #expect(export.exitCode == 65)
      #expect(export.standardError.contains("suites has ‘\(suite)’; accepted"))
    }
  }

  @Test("a continued run starts a contender of its run.json only where that is allowed")
  func resumedPeer() throws {
    try withRun { folder, run in
      let evil = try marker(in: folder)
      try edit(run) { record in
        let command = try #require(record["command"] as? [String])
        record["command"] = command + ["--peer", "evil=\(evil)", "--allow-exec"]
      }
      // Nothing is finished, so all is to be measured.
      try FileManager.default.removeItem(at: run.appending(path: "mine"))
      let refused = try Program(["run", "--resume", run.path()], in: folder)
      #expect(refused.exitCode == 64)
      #expect(refused.standardError.contains("--allow-exec"))
      #expect(refused.standardError.contains(evil))
      #expect(!isStarted(folder))
      let allowed = try Program(
        ["run", "--resume", run.path(), "--allow-exec=\(evil)"], in: folder)
      #expect(allowed.exitCode == 0, "\(allowed.standardError)")
      #expect(allowed.standardError.contains("will start ‘\(evil)’ (evil)"))
      #expect(isStarted(folder))
    }
  }

  @Test("a suite from elsewhere starts its programs only where that is allowed, and says so first")
  func foreignSuite() throws {
    try withRun { folder, _ in
      let evil = try marker(in: folder)
      let suite = folder.appending(path: "foreign.json5")
      try Data(
        """
        { title: "x", cases: ["ic4ih6oc4kh3ph1"], kernels: ["best", "e*"],
          externalContenders: [{ name: "evil", exec: ["\(evil)", "two words"] }] }
        """.utf8
      ).write(to: suite)
      let verify = ["verify", suite.path(), "--no-progress"]
      for words in [[], ["--allow-exec=other"], ["--allow-exec=\(evil) two"]] {
        let refused = try Program(verify + words, in: folder)
        #expect(refused.exitCode == 64, "\(words)")
        #expect(refused.standardError.contains("‘\(evil) two words’"))
        #expect(!isStarted(folder))
      }
      // What is not measured is not started, and asks for nothing.
      let best = try Program(verify + ["--kernels", "best"], in: folder)
      #expect(best.exitCode == 0, "\(best.standardError)")
      #expect(!best.standardError.contains("will start"))
      for words in [["--allow-exec"], ["--allow-exec=\(evil)"], ["--allow-exec=\(evil) two words"]]
      {
        try? FileManager.default.removeItem(at: folder.appending(path: "started"))
        let allowed = try Program(verify + words, in: folder)
        #expect(allowed.exitCode == 0, "\(allowed.standardError)")
        #expect(allowed.standardError.contains("will start ‘\(evil) two words’"))
        #expect(isStarted(folder), "\(words)")
      }
    }
  }

  @Test("results are not written through links")
  func links() throws {
    try withRun { folder, run in
      let victim = folder.appending(path: "victim")
      try Data("mine".utf8).write(to: victim)
      let files = ["mine/measurements.csv", "run.json", "answers.md"]
      for name in files {
        let output = folder.appending(path: "out-\(UUID())")
        let file = output.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: victim)
        _ = try Program(
          [
            "run", "mine.txt", "--budget", "0.1s", "--output", output.path(), "--no-progress",
          ], in: folder, here: folder)
        #expect(try Data(contentsOf: victim) == Data("mine".utf8), "\(name)")
      }
      let elsewhere = folder.appending(path: "elsewhere")
      try FileManager.default.createDirectory(at: elsewhere, withIntermediateDirectories: true)
      try FileManager.default.removeItem(at: run.appending(path: "mine"))
      try FileManager.default.createSymbolicLink(
        at: run.appending(path: "mine"), withDestinationURL: elsewhere)
      let resumed = try Program(["run", "--resume", run.path()], in: folder)
      #expect(resumed.exitCode != 0, "\(resumed.standardError)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path()) == [])
    }
  }

  @Test("names are shown and obeyed by nobody")
  func names() throws {
    try withRun { folder, _ in
      let suite = folder.appending(path: "names.json5")
      try Data(
        #"""
        { title: "a \u001b[2J|`b` <script>", question: "=x\nconvscope: fine?",
          cases: [{ name: "=1+1|\u001b[31m\u202e<b>", steps: ["ic4ih6oc4kh3ph1"] }] }
        """#.utf8
      ).write(to: suite)
      let output = folder.appending(path: "names-run")
      let run = try Program(
        ["run", suite.path()] + Self.briefly + ["--output", output.path(), "--no-progress"],
        in: folder)
      #expect(run.exitCode == 0, "\(run.standardError)")
      let answers = try String(contentsOf: output.appending(path: "answers.md"), encoding: .utf8)
      let files = output.appending(path: "names")
      let cells = try String(
        contentsOf: files.appending(path: "measurements.csv"), encoding: .utf8)
      for text in [run.standardOutput, run.standardError, answers, cells] {
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        #expect(!text.contains("\nconvscope: fine?"))
      }
      #expect(!answers.contains("<script>") && !answers.contains("`b`"))
      #expect(cells.contains(",'=1+1|"))
      // What was guarded is read as what it was, by us and when the run is continued.
      #expect(try StoredRun(output).cases[0].key.name == #"=1+1|\u{1B}[31m\u{202E}<b>"#)
      let resumed = try Program(["run", "--resume", output.path()], in: folder)
      #expect(resumed.exitCode == 0, "\(resumed.standardError)")
    }
  }

  @Test("suites that are files are found again from any folder")
  func paths() throws {
    try withRun { folder, run in
      // The copy is planned again from where the original lies.
      let gate = try Program(
        [
          "gate", "--baseline", run.path(), "--budget", "0.2s", "--output", folder.path() + "/gate",
        ], in: folder, here: URL(filePath: "/"))
      #expect([0, 2, 4].contains(gate.exitCode), "\(gate.standardError)")
      #expect(!gate.standardError.contains("no suite"))
      try FileManager.default.removeItem(at: run.appending(path: "mine"))
      let resumed = try Program(
        ["run", "--resume", run.path()], in: folder, here: URL(filePath: "/"))
      #expect(resumed.exitCode == 0, "\(resumed.standardError)")
      #expect(try Set(StoredRun(run).cases.map(\.key.name)).count == 1)
    }
  }

  @Test("values given twice are measured once")
  func repeated() throws {
    try withRun { folder, _ in
      let verify = try Program(
        [
          "verify", "mine.txt", "mine.txt", "--workers", "1,1", "--kernels", "best,best", "--cache",
          "warm,warm", "--isa", "baseline,baseline", "--no-progress",
        ], in: folder, here: folder)
      #expect(verify.exitCode == 0)
      let lines = verify.standardOutput.split(separator: "\n").filter { $0.contains("ic4ih6") }
      #expect(lines.count == 1, "\(verify.standardOutput)")
    }
  }
}
