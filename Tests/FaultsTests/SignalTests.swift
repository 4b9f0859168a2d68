// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A signal that ends the program, and what it then ends with.
struct Blow: CustomTestStringConvertible, Sendable {
  var signal: Int32
  var name: String
  var code: Int32

  var testDescription: String { name }

  static let polite = [
    Blow(signal: SIGINT, name: "INT", code: 130), Blow(signal: SIGTERM, name: "TERM", code: 130),
    Blow(signal: SIGHUP, name: "HUP", code: 130),
  ]
  static let all = polite + [Blow(signal: SIGKILL, name: "KILL", code: -SIGKILL)]
}

@Suite("A program that is stopped by a signal", .serialized)
struct SignalTests {
  private func words(_ suite: URL, _ output: URL, _ more: String...) -> [String] {
    // 0.3 s for each of 200 groups: no test waits for more than a few.
    ["run", suite.path(), "--budget", "60s", "--output", output.path(), "--no-progress"] + more
  }

  /// Everything that the program has started is gone.
  private func expectNobody(
    _ offspring: [Int32], _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for process in offspring {
      #expect(ProcessTable.isGone(process), "\(process)", sourceLocation: sourceLocation)
    }
  }

  @Test(
    "keeps every finished group, and the run continues behind it", arguments: Blow.all,
    [UInt64(1), 2])
  func run(_ blow: Blow, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed &* 977 &+ UInt64(blow.signal))
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let files = ResultFiles(folder: output)
      let run = try Scratch.start(words(Scratch.many, output), in: folder)
      let wanted = Int.random(in: 0...4, using: &generator)
      run.wait { files.groups >= wanted && !files.lines("groups").isEmpty }
      usleep(UInt32.random(in: 0..<60_000, using: &generator))
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
      try files.check()
      #expect(files.groups >= wanted)
      #expect((try files.record("interrupted") as? Bool == true) == (blow.code == 130))
      let before = (files.groups, files.finished)

      let again = try Scratch.start(["run", "--resume", output.path()], in: folder)
      again.wait { files.groups > before.0 }
      again.send(SIGINT)
      #expect(again.end().code == 130)
      try files.check()
      #expect(files.groups > before.0)
      for (now, then) in zip(files.finished, before.1) { #expect(now.hasPrefix(then)) }
    }
  }

  @Test("ends its fresh processes", arguments: Blow.all)
  func processes(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let run = try Scratch.start(words(Scratch.many, output, "--processes", "6"), in: folder)
      var children: [Int32] = []
      run.wait {
        children = ProcessTable().offspring(of: run.identifier, with: "measure-group")
        return !children.isEmpty
      }
      let all = ProcessTable().offspring(of: run.identifier)
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
      expectNobody(children + all)
      try ResultFiles(folder: output).check()
    }
  }

  @Test(
    "ends a deaf contender, its child, and one that has left its process group",
    arguments: Blow.all + [Blow(signal: 0, name: "INT twice", code: 130)])
  func deafContender(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let (output, ids) = (folder.appending(path: "run"), folder.appending(path: "ids"))
      let peer = "deaf=\(Scratch.deaf.path()) \(ids.path())"
      let run = try Scratch.start(words(Scratch.one, output, "--peer", peer), in: folder)
      run.wait { FileManager.default.fileExists(atPath: ids.path()) }
      let started = try String(contentsOf: ids, encoding: .utf8).split(separator: " ")
        .compactMap { Int32($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
      #expect(started.count == 3)
      if blow.signal == 0 {
        run.send(SIGINT)
        // More than what counts as one wish.
        usleep(300_000)
        run.send(SIGINT)
      } else {
        run.send(blow.signal)
      }
      #expect(run.end().code == blow.code)
      expectNobody(started)
    }
  }

  @Test("ends both builds of a gate", arguments: Blow.all)
  func gate(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "gate")
      let run = try Scratch.start(
        [
          "gate", "--against", TestProgram.url.path(), Scratch.many.path(), "--budget", "600s",
          "--output", output.path(),
        ], in: folder)
      var children: [Int32] = []
      run.wait {
        children = ProcessTable().offspring(of: run.identifier, with: "serve")
        return children.count >= 2
      }
      run.send(blow.signal)
      let end = run.end()
      #expect(end.code == blow.code, "\(end.errors)")
      expectNobody(children)
    }
  }

  @Test(
    "ends the run that a gate compares with a stored one", arguments: [Blow.all[1], Blow.all[3]])
  func baselineGate(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let baseline = folder.appending(path: "baseline")
      let stored = try Scratch.run(
        [
          "run", Scratch.one.path(), "--budget", "30s", "--processes", "6", "--output",
          baseline.path(),
        ], in: folder)
      #expect([0, 4].contains(stored.code))
      let run = try Scratch.start(
        [
          "gate", "--baseline", baseline.path(), Scratch.many.path(), "--output",
          folder.appending(path: "gate").path(), "--budget", "600s",
        ], in: folder)
      var children: [Int32] = []
      run.wait {
        children = ProcessTable().offspring(of: run.identifier, with: "run-1")
        return !children.isEmpty
      }
      run.send(blow.signal)
      let end = run.end()
      #expect(end.code == blow.code, "\(end.errors)")
      expectNobody(children)
    }
  }

  @Test("keeps what was tuned", arguments: Blow.all)
  func tune(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let run = try Scratch.start(
        ["tune", Scratch.many.path(), "--budget", "60s"], in: folder,
        program: ["env", "XDG_CACHE_HOME=\(folder.path())", TestProgram.url.path()])
      let file = Tuning(folder)
      run.wait { file.choices >= 1 }
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
      #expect(file.choices >= 1)
    }
  }

  @Test("ends a profile", arguments: Blow.all)
  func profile(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let run = try Scratch.start(
        ["profile", "ic8ih10oc8kh3ph1", "--loop", "600s"], in: folder)
      run.wait { run.errors.contains("looping") }
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
    }
  }

  @Test("says that its CPU time is used up, before it is killed for that")
  func time() throws {
    try Scratch.withFolder { folder in
      let end = try Scratch.run(
        ["profile", "ic8ih10oc8kh3ph1", "--loop", "600s"], in: folder,
        shell: "ulimit -t 5; exec \"$@\"")
      #expect(end.code == 130)
      #expect(end.errors.contains("ulimit -t"), "\(end.errors)")
    }
  }

  @Test("ends a profile that prepares, and has nothing to show", arguments: Blow.all)
  func preparation(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "profile")
      // Seconds for each of its iterations, the first of which checks the output.
      let run = try Scratch.start(
        ["profile", "mb32ic512ih56oc512kh3ph1", "--output", output.path()], in: folder)
      run.wait { FileManager.default.fileExists(atPath: output.path()) }
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
      #expect(run.output.isEmpty)
      // Its owner's lock is there from the first moment on.
      #expect(!FileManager.default.fileExists(atPath: output.appending(path: "phases.csv").path()))
    }
  }

  @Test("ends a simulation", .enabled(if: Valgrind.isThere), arguments: Blow.all)
  func simulation(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let run = try Scratch.start(
        words(
          Scratch.many, folder.appending(path: "run"), "--counters", "simulated", "--isa",
          "baseline"),
        in: folder)
      var children: [Int32] = []
      run.wait {
        children = ProcessTable().offspring(of: run.identifier, with: "simulate")
        return !children.isEmpty
      }
      run.send(blow.signal)
      #expect(run.end().code == blow.code)
      expectNobody(children)
    }
  }

  @Test("ends a served build that waits for a request", arguments: Blow.all)
  func serve(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let pipe = folder.appending(path: "pipe")
      #expect(mkfifo(pipe.path(), 0o600) == 0)
      let build = try Scratch.start(
        ["serve"], in: folder, shell: "exec \"$@\" 0<> \(pipe.path())")
      let requests = try FileHandle(forUpdating: pipe)
      try requests.write(
        contentsOf: Data("{\"convscope\": 1, \"id\": 1, \"do\": \"hello\"}\n".utf8))
      build.wait { build.output.contains("accuracy") }
      build.send(blow.signal)
      #expect(build.end().code == blow.code)
    }
  }

  @Test("ends the run of a night, which then is none", arguments: Blow.all)
  func night(_ blow: Blow) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../ci/nightly.py").standardizedFileURL
    try Scratch.withFolder { folder in
      let history = folder.appending(path: "history")
      let words = [
        history.path(), "--program", TestProgram.url.path(), "--suites", Scratch.many.path(),
      ]
      let night = try Scratch.start(
        words, in: folder, program: ["python3", "-B", script.path()])
      var runs: [Int32] = []
      night.wait {
        runs = ProcessTable().offspring(of: night.identifier, with: "--no-progress")
        return !runs.isEmpty
      }
      night.send(blow.signal)
      #expect(night.end().code == blow.code)
      expectNobody(runs)
      let analysis = try Scratch.start(
        [history.path(), "--only-analyse"], in: folder, program: ["python3", "-B", script.path()])
      let end = analysis.end()
      #expect(end.code == 0)
      #expect(end.output.contains("No night that counts."))
    }
  }
}

/// The tuning file below a folder.
struct Tuning {
  private let folder: URL

  init(_ cache: URL) { folder = cache.appending(path: "convscope") }

  /// How many choices it has, where it can be read.
  var choices: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
    guard let name = names.first(where: { $0.hasPrefix("tuning-") && $0.hasSuffix(".json") }),
      let data = FileManager.default.contents(atPath: folder.appending(path: name).path()),
      let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return 0 }
    return (file["choices"] as? [String: Any])?.count ?? 0
  }
}

enum Valgrind {
  static let isThere = ["/usr/bin", "/usr/local/bin"].contains {
    FileManager.default.isExecutableFile(atPath: "\($0)/valgrind")
  }
}
