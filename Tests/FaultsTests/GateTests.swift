// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("A gate that is disturbed", .serialized)
struct GateTests {
  private func start(
    _ output: URL, in folder: URL, budget: String = "600s", _ more: String...
  ) throws -> TestProgram {
    try Scratch.start(
      [
        "gate", "--against", TestProgram.url.path(), Scratch.one.path(), "--budget", budget,
        "--output", output.path(),
      ] + more, in: folder)
  }

  /// The rows of gate-rounds.csv so far; what is behind the last line feed is one that is not whole.
  private func rounds(_ output: URL) -> [Substring] {
    let file = output.appending(path: "gate-rounds.csv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().dropLast()
      .map { $0 }
  }

  @Test("has its rounds on disk as they are measured, however it ends", arguments: Blow.all)
  func rounds(_ blow: Blow) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "gate")
      let gate = try start(output, in: folder)
      gate.wait { rounds(output).count >= 5 }
      gate.send(blow.signal)
      #expect(gate.end().code == blow.code)
      let found = rounds(output)
      #expect(found.count >= 5)
      let counts = found.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
      #expect(Set(counts) == [13])
      let text = try String(
        contentsOf: output.appending(path: "gate-rounds.csv"), encoding: .utf8)
      #expect(text.hasSuffix("\n"))
    }
  }

  @Test("because one of its processes was killed runs that session again")
  func killedProcess() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "gate")
      // Few long sessions, so that one is under way.
      let gate = try start(
        output, in: folder, budget: "12s", "--processes", "2", "--rounds", "100000")
      gate.wait { !rounds(output).isEmpty }
      let children = ProcessTable().offspring(of: gate.identifier, with: "serve")
      kill(try #require(children.first), SIGKILL)
      let end = gate.end()
      // Few sessions decide little; what matters is that no case failed.
      #expect([0, 4].contains(end.code), "\(end.errors)")
      #expect(end.errors.contains("SIGKILL") && end.errors.contains("run again"), "\(end.errors)")
      let report = try JSONSerialization.jsonObject(
        with: Data(contentsOf: output.appending(path: "gate.json")))
      let fields = try #require(report as? [String: Any])
      #expect((fields["repeated_sessions"] as? [String])?.count == 1)
      #expect(fields["outcome"] as? String != "failed")
      #expect(Set(rounds(output).map { $0.split(separator: ",")[4] }).count >= 3)
    }
  }

  @Test("because its folder is full ends with a failure")
  func diskFull() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "gate")
      let end = try Scratch.run(
        [
          "gate", "--against", TestProgram.url.path(), Scratch.one.path(), "--budget", "600s",
          "--output", output.path(),
        ], in: folder, shell: "ulimit -f 16; exec \"$@\"")
      #expect(end.code == 1)
      #expect(end.errors.contains("gate-rounds.csv: File too large"), "\(end.errors)")
    }
  }
}

@Suite("A machine whose kept limits are too low")
struct LimitTests {
  @Test("has them measured again, and no row shows a share that cannot be")
  func poisoned() throws {
    try Scratch.withFolder { folder in
      let file = try #require(KnownMachine.isKnown(in: folder))
      var limits = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
      for (list, keys) in [
        "peaks": ["gflopPerSecond"],
        "bandwidths": ["readGBPerSecond", "writeGBPerSecond", "triadGBPerSecond"],
      ] {
        limits[list] = try #require(limits[list] as? [[String: Any]]).map { row in
          row.merging(
            keys.map { key -> (String, Any) in (key, (row[key] as? Double ?? 0) / 50) }
          ) { $1 }
        }
      }
      let poison = try JSONSerialization.data(withJSONObject: limits)
      try poison.write(to: file)
      let output = folder.appending(path: "run")
      let end = try TestProgram.run(
        [
          "run", Scratch.one.path(), "--kernels", "best", "--budget", "20s", "--precision",
          "20%", "--processes", "1",
          "--output", output.path(),
        ], in: folder, variables: ["XDG_CACHE_HOME": folder.path()])
      #expect([0, 4].contains(end.code), "\(end.errors)")
      #expect(end.errors.contains("limits are measured again: "), "\(end.errors)")
      #expect((try? Data(contentsOf: file)) != poison)
      let lines = ResultFiles(folder: output).lines("measurements").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
      for column in ["peak_percent", "roofline_percent"] {
        let place = try #require(lines.first?.firstIndex(of: column[...]))
        for row in lines.dropFirst() {
          #expect(Double(row[place]).map { $0 <= 105 } ?? true, "\(column) \(row[place])")
        }
      }
    }
  }
}
