// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("A program that cannot write", .serialized)
struct WritingTests {
  private func words(_ suite: URL, _ output: URL) -> [String] {
    // 0.3 s for each of 200 groups: no test waits for more than a few.
    ["run", suite.path(), "--budget", "60s", "--output", output.path(), "--no-progress"]
  }

  @Test("because its folder was removed or moved ends with a failure", arguments: [true, false])
  func folderGone(isRemoved: Bool) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let files = ResultFiles(folder: output)
      let run = try Scratch.start(words(Scratch.many, output), in: folder)
      run.wait { files.groups >= 1 }
      if isRemoved {
        try FileManager.default.removeItem(at: output)
      } else {
        try FileManager.default.moveItem(at: output, to: folder.appending(path: "moved"))
      }
      let end = run.end()
      #expect(end.code == 1)
      #expect(end.errors.contains("removed or moved"), "\(end.errors)")
    }
  }

  @Test("because the disk is full keeps the groups before", arguments: [16, 40])
  func diskFull(blocks: Int) throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      // A file may not grow over so many kilobytes: the system answers as a full disk does.
      let end = try Scratch.run(
        words(Scratch.many, output) + ["--precision", "50%"], in: folder,
        shell: "ulimit -f \(2 * blocks); exec \"$@\"")
      #expect(end.code == 1)
      #expect(end.errors.contains("File too large"), "\(end.errors)")
      let files = ResultFiles(folder: output)
      try files.check()
      #expect(files.groups >= 1)
    }
  }

  @Test(
    "to a full standard output does not end as if it had",
    arguments: [["list", "kernels"], ["describe", "ic8ih10oc8kh3ph1"], ["--help"], ["import"]])
  func outputFull(_ given: [String]) throws {
    try Scratch.withFolder { folder in
      let words = given == ["import"] ? ["import", Scratch.one.path()] : given
      let full = try Scratch.run(words, in: folder, shell: "exec \"$@\" > /dev/full")
      #expect(full.code == 1)
      #expect(full.errors.contains("standard output: No space left on device"))
      // Whoever closes it wants no more, and gets no complaint.
      let closed = try Scratch.run(words, in: folder, shell: "exec \"$@\" >&-")
      #expect(closed.code == 0)
      #expect(!closed.errors.contains("standard output"))
      let pipe = try Scratch.run(
        words, in: folder, shell: "{ sleep 0.2; \"$@\"; echo $? > \(folder.path())/code; } | true")
      #expect(pipe.code == 0)
      let code = try String(contentsOf: folder.appending(path: "code"), encoding: .utf8)
      #expect(code == "0\n")
      #expect(pipe.errors == closed.errors)
    }
  }

  @Test("its tables to a closed standard output does not write them into its files")
  func closedOutput() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let end = try Scratch.run(
        [
          "run", Scratch.one.path(), "--budget", "9s", "--precision", "50%", "--output",
          output.path(),
        ], in: folder,
        shell: "exec \"$@\" <&- >&- 2>&-")
      #expect([0, 4].contains(end.code))
      try ResultFiles(folder: output).check()
      let table = ResultFiles(folder: output).lines("measurements")
      #expect(Set(table.map { $0.split(separator: ",").first }).count == 2)
    }
  }

  @Test("where another run writes is refused, and what an earlier one wrote is moved")
  func sameFolder() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let files = ResultFiles(folder: output)
      let run = try Scratch.start(words(Scratch.many, output), in: folder)
      run.wait { files.groups >= 1 }
      let second = try Scratch.run(words(Scratch.one, output), in: folder)
      #expect(second.code == 1)
      #expect(second.errors.contains("process \(run.identifier)"), "\(second.errors)")
      let resumed = try Scratch.run(["run", "--resume", output.path()], in: folder)
      #expect(resumed.code == 4)
      #expect(resumed.errors.contains("process \(run.identifier)"), "\(resumed.errors)")
      run.send(SIGINT)
      #expect(run.end().code == 130)
      try files.check()
      let before = files.finished

      let third = try Scratch.run(
        [
          "run", Scratch.one.path(), "--budget", "9s", "--precision", "50%", "--output",
          output.path(),
        ], in: folder)
      #expect([0, 4].contains(third.code))
      #expect(third.errors.contains("earlier results were moved to"))
      #expect(ResultFiles(folder: output.appending(path: "earlier/1")).finished == before)
    }
  }

  @Test("a choice while another process does loses none")
  func twoTune() throws {
    try Scratch.withFolder { folder in
      let program = ["env", "XDG_CACHE_HOME=\(folder.path())", TestProgram.url.path()]
      let batches = ["8", "16"].map { channels in
        let file = folder.appending(path: "\(channels).txt")
        let lines = (4...9).map { "ic\(channels)ih\($0)oc8kh1" }.joined(separator: "\n") + "\n"
        try? Data(lines.utf8).write(to: file)
        return file
      }
      let both = try batches.map {
        try Scratch.start(["tune", $0.path(), "--budget", "1s"], in: folder, program: program)
      }
      // What was disturbed is not kept, and said.
      var expected = 12
      for one in both {
        let end = one.end()
        #expect(end.code == 0)
        expected -= end.errors.components(separatedBy: ": not tuned, ").count - 1
      }
      #expect(Tuning(folder).choices == expected)
    }
  }

  @Test("to a contender that was killed goes on without it")
  func killedContender() throws {
    try Scratch.withFolder { folder in
      let output = folder.appending(path: "run")
      let peer = "own=\(TestProgram.url.path()) serve"
      let run = try Scratch.start(
        [
          "run", Scratch.one.path(), "--workers", "1", "--budget", "6s", "--precision", "0.001%",
          "--peer", peer,
          "--output", output.path(), "--no-progress",
        ], in: folder)
      var children: [Int32] = []
      run.wait {
        children = ProcessTable().offspring(of: run.identifier, with: "serve")
        return !children.isEmpty
      }
      for child in children { kill(child, SIGKILL) }
      let end = run.end()
      #expect([0, 4].contains(end.code))
      let rows = ResultFiles(folder: output).lines("measurements")
      #expect(rows.count == 3)
      #expect(rows.contains { $0.contains("ended by signal 9 (SIGKILL") })
    }
  }
}
