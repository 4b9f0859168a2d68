// SPDX-License-Identifier: Apache-2.0

import Children
import Foundation
import Testing

@Suite("A command that is run to its end")
struct CommandTests {
  private func shell(_ script: String, _ words: String...) -> Command {
    Command(["sh", "-c", script, "sh"] + words)
  }

  @Test("gives what it wrote to both pipes, however much, whichever fills first")
  func output() throws {
    let size = 1 << 20
    for script in [
      "head -c $1 /dev/zero; head -c $1 /dev/zero >&2",
      "head -c $1 /dev/zero >&2; head -c $1 /dev/zero",
    ] {
      var command = shell(script, "\(size)")
      (command.output, command.error) = (.pipe, .pipe)
      let finished = try command.run()
      #expect(finished.isSuccess)
      #expect(finished.output.count == size)
      #expect(finished.errors.count == size)
    }
  }

  @Test(
    "tells how it ended",
    arguments: [
      ("exit 0", "ended with exit code 0"), ("exit 7", "ended with exit code 7"),
      ("kill -SEGV $$", "ended by signal 11 (SIGSEGV)"),
    ])
  func fate(_ script: String, _ expected: String) throws {
    let finished = try shell(script).run()
    #expect(finished.fate == expected)
    #expect(finished.isSuccess == (script == "exit 0"))
  }

  @Test("cannot start what is not there, and says why")
  func notStarted() {
    #expect(throws: ChildError.notStarted(["/nonexistent"], reason: "No such file or directory")) {
      try Command(["/nonexistent"]).run()
    }
    #expect(throws: ChildError.notStarted([], reason: "the command is empty")) {
      try Command([]).run()
    }
    var elsewhere = shell("exit 0")
    elsewhere.folder = "/nonexistent"
    #expect(throws: ChildError.self) { try elsewhere.run() }
  }

  @Test("has the environment, the folder and the CPUs that it is given, and no other file of ours")
  func surroundings() throws {
    let file = try #require(fopen("/dev/null", "r"))
    defer { fclose(file) }
    var command = shell("echo $WORD; pwd; ls /proc/self/fd | wc -l")
    command.environment = ["WORD": "a b", "PATH": "/usr/bin:/bin"]
    command.folder = "/proc"
    command.output = .pipe
    // The fourth is the folder that ls reads.
    #expect(String(decoding: try command.run().output, as: UTF8.self) == "a b\n/proc\n4\n")
  }

  @Test("ends when what it left behind holds its pipes open")
  func heldPipes() throws {
    var command = shell("sleep 600 & echo $!")
    command.output = .pipe
    let finished = try command.run()
    let text = String(decoding: finished.output, as: UTF8.self)
    let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    #expect(LeftBehind.isGone(child))
  }

  @Test(
    "ends what has left its process group, whether it ends by itself or is stopped",
    arguments: ["", "while :; do sleep 600; done"])
  func leftGroup(_ rest: String) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "left-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    // A child of a session of its own whose parent is gone, and that has one like it.
    let interruption = Interruption()
    let script = """
      (setsid sh -c '
        setsid sleep 600 & echo $$ $! > $1.new; mv $1.new $1; while :; do sleep 600; done' sh $1 &)
      while [ ! -e $1 ]; do sleep 0.01; done
      \(rest)
      """
    let finished = try shell(script, file.path())
      .run(until: rest.isEmpty ? interruption : requested(when: file))
    #expect(finished.wasStopped != rest.isEmpty)
    let processes = try String(contentsOf: file, encoding: .utf8).split { $0.isWhitespace }
    #expect(processes.count == 2)
    for process in processes { #expect(LeftBehind.isGone(try #require(Int32(process)))) }
  }

  @Test("is ended with all that it started when somebody asks to stop, were they deaf to signals")
  func stopped() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "stopped-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    let finished = try shell(
      """
      trap '' INT TERM HUP
      sleep 600 &
      echo $! > $1.new; mv $1.new $1
      while :; do sleep 600; done
      """, file.path()
    ).run(until: requested(when: file))
    #expect(finished.wasStopped)
    #expect(!finished.isSuccess)
    #expect(finished.fate == "was stopped")
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(LeftBehind.isGone(try #require(Int32(text.dropLast()))))
  }

  @Test("may tidy up when somebody asks to stop")
  func polite() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "polite-\(UUID())")
    defer { try? FileManager.default.removeItem(at: file) }
    var command = shell(
      """
      trap 'echo tidied; exit 3' TERM
      touch $1
      while :; do sleep 0.01; done
      """, file.path())
    command.output = .pipe
    let finished = try command.run(until: requested(when: file))
    #expect(String(decoding: finished.output, as: UTF8.self) == "tidied\n")
    #expect(finished.ending == .exited(code: 3))
  }

  /// An interruption that is requested as soon as `file` is there: a command is ready for a signal
  /// when it says so, not before.
  private func requested(when file: URL) -> Interruption {
    let interruption = Interruption()
    Thread {
      while !FileManager.default.fileExists(atPath: file.path()) { usleep(1000) }
      interruption.request()
    }.start()
    return interruption
  }
}

/// Processes that somebody else started.
enum LeftBehind {
  /// Waits until a process has ended; someone else reaps it, or nobody does.
  static func isGone(_ process: Int32) -> Bool {
    for _ in 0..<60_000 {
      let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      guard let status, !status.contains(") Z ") else { return true }
      usleep(1000)
    }
    return false
  }
}
