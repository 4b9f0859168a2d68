// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite("Commands that are not right")
struct BadInputTests {
  @Test("end with their exit code and name what is wrong", arguments: BadInput.all)
  func answer(_ row: BadInput) throws {
    try Self.withFolder { folder in
      if let file = row.file {
        try file.text.write(
          to: folder.appending(path: file.name), atomically: false, encoding: .utf8)
      }
      if let change = row.change {
        let file = folder.appending(path: "run/\(change.file)")
        let text = try String(contentsOf: file, encoding: .utf8)
        let range = try #require(text.range(of: change.from), "\(change.from) in \(text)")
        try text.replacingCharacters(in: range, with: change.to)
          .write(to: file, atomically: false, encoding: .utf8)
      }
      let answer = try Program(row.words, in: folder, here: folder)
      #expect(answer.exitCode == row.exitCode, "\(answer.standardError.prefix(2_000))")
      for name in row.names {
        let text = answer.standardError
        #expect(text.contains(name), "‘\(name)’ in \(text.prefix(2_000))")
      }
      // A message is a few lines for people: no stack, no type of ours, no domain of Foundation's.
      for word in ["Fatal error", "NSCocoa", "Error(", "Swift.", "Optional("] {
        #expect(!answer.standardError.contains(word), "\(answer.standardError.prefix(2_000))")
      }
      #expect(answer.standardError.utf8.count < 20_000)
      #expect(row.exitCode == 0 || answer.standardError.contains("convscope: "))
      #expect(row.exitCode == 0 || answer.standardOutput.isEmpty)
    }
  }

  @Test(
    "Where the system leaves no room, the answer is in words",
    arguments: [
      ("ulimit -n 8", "verify s.json5", "ulimit -n"),
      ("ulimit -n 8", "gate --against PROGRAM s.json5", "ulimit -n"),
      ("ulimit -n 8", "profile ic1ih4oc1kh1", "ulimit -n"),
      ("ulimit -s 64", "verify s.json5", "ulimit -s"),
      ("ulimit -t 3", "verify s.json5", "3 s of CPU time (ulimit -t)"),
      ("ulimit -v 1000000", "verify large.txt", "ulimit -v"),
      ("ulimit -d 1000000", "verify large.txt", "ulimit -d"),
      ("ulimit -v 1000000", "gate --against PROGRAM large.txt", "ulimit -v"),
      ("ulimit -v 1000000", "profile mb1ic32ih4000oc3kh3ph1", "ulimit -v"),
    ])
  func limits(limit: String, command: String, word: String) throws {
    try Self.withFolder { folder in
      try "mb1ic32ih4000oc3kh3ph1\n".write(
        to: folder.appending(path: "large.txt"), atomically: false, encoding: .utf8)
      let end = try TestProgram.run(
        command.replacing("PROGRAM", with: TestProgram.url.path()).split(separator: " ")
          .map(String.init), in: folder, here: folder,
        variables: ["XDG_CACHE_HOME": folder.path()], shell: "\(limit) && exec \"$@\"")
      #expect(end.code == 1, "\(end.errors)")
      #expect(end.errors.contains(word), "\(end.errors)")
    }
  }

  @Test(
    "Where a control group leaves no process, the answer is in words",
    .enabled(if: ProcessGroup.canBe))
  func noProcesses() throws {
    try Self.withFolder { folder in
      let group = try ProcessGroup(most: 1)
      defer { group.remove() }
      let end = try TestProgram.run(
        ["run", "s.json5", "--workers", "2", "--budget", "1s"], in: folder, here: folder,
        variables: ["XDG_CACHE_HOME": folder.path()],
        shell: "echo $$ > \(group.path)/cgroup.procs && exec \"$@\"")
      #expect(end.code == 1, "\(end.errors)")
      #expect(end.errors.contains("pids limit of the control group"), "\(end.errors)")
      #expect(!end.errors.contains("OpenBLAS"), "\(end.errors)")
    }
  }

  @Test(
    "Where there is no Python, the answer says what to install",
    arguments: ["report whole", "run s.json5 --report", "run s.json5 --roofline"])
  func noPython(command: String) throws {
    try Self.withFolder { folder in
      if command.hasPrefix("report") {
        let words = "run s.json5 --processes 1 --budget 20s --precision 50% --output whole"
        _ = try Program(words.split(separator: " ").map(String.init), in: folder, here: folder)
      }
      let empty = folder.appending(path: "empty").path()
      let answer = try Program(
        command.split(separator: " ").map(String.init), in: folder, here: folder,
        variables: ["PATH": empty])
      #expect(answer.exitCode == 1, "\(answer.standardError)")
      #expect(answer.standardError.contains("cannot start ‘python3’: No such file or directory"))
      #expect(answer.standardError.contains("apt-get install -y python3 python3-venv"))
      #expect(!answer.standardError.contains("env:"))
    }
  }

  /// A folder with what the rows name.
  private static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bad-input-\(UUID())")
    for name in ["empty", "run/s"] {
      try FileManager.default.createDirectory(
        at: folder.appending(path: name), withIntermediateDirectories: true)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: false, encoding: .utf8)
    }
    try Data([0x7F, 0x45, 0x4C, 0x46, 0x00, 0xFF, 0xFE]).write(to: folder.appending(path: "binary"))
    try body(folder)
  }

  /// A counter group whose fourth line is a metric.
  private static func formula(_ text: String) -> String {
    "SHORT S\nEVENTS\nMETRICS\nx [y] = \(text)\n"
  }

  private static let files = [
    "file": "text\n",
    "s.json5": "{ title: 'S', cases: [{ name: 'a', steps: 'ic1ih4oc1kh1' }] }",
    "brackets.txt": formula(String(repeating: "(", count: 200_000)),
    "signs.txt": formula(String(repeating: "-", count: 900) + "1"),
    "sum.txt": formula("1" + String(repeating: "+1", count: 200_000)),
    "unknown.txt": formula("frob"),
    "nounit.txt": "SHORT S\nEVENTS\nMETRICS\nx = 1\n",
    "longevent.txt": "SHORT S\nEVENTS\n\(String(repeating: "X", count: 8_192))\n",
    "run/run.json": """
    {"schema":1,"version":"0.1.0","startedAt":"2026-01-01T00:00:00Z","noiseFloor":0.01,\
    "suites":["s"],"environment":{"machine":"m","cpuModel":"M"},"libraries":{}}
    """,
    "run/s/measurements.csv": """
    suite,case,problem,kernel,workers,cache,rounds,time_ns_median,time_ns_lo,time_ns_hi,macs,\
    iterations,status,reason
    s,a,ic1ih4oc1kh1,k,1,warm,2,100.0,99.0,101.0,16,10,ok,
    s,b,ic1ih4oc1kh1,k,1,warm,,,,,16,0,unsupported,no

    """,
    "run/s/samples.csv": """
    suite,case,kernel,workers,cache,round,iterations,time_ns,counted,disturbed,process
    s,a,k,1,warm,0,10,100.0,1,,0
    s,a,k,1,warm,1,10,101.0,1,,0

    """,
  ]
}

/// A control group that may have few processes; only who may make one has it.
private struct ProcessGroup {
  private static let root = "/sys/fs/cgroup/pids"
  static let canBe = access("\(root)/cgroup.procs", W_OK) == 0

  let path = "\(Self.root)/convscope-\(UUID())"

  init(most: Int) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    try "\(most)".write(toFile: "\(path)/pids.max", atomically: false, encoding: .utf8)
  }

  func remove() { rmdir(path) }
}
