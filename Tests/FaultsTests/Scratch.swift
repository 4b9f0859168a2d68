// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// Folders and files of these tests.
enum Scratch {
  private static let root: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "convscope-faults-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: Scratch.root) }
    return folder
  }()

  /// What the program knows of the machine, measured once for all tests.
  static let cache: URL = root.appending(path: "cache")

  /// More problems than any test waits for: a group each.
  static let many: URL = {
    let file = root.appending(path: "many.txt")
    let lines = (1...200).map { "ic8ih\(6 + $0 % 20)oc\(8 + 8 * ($0 / 20))kh3ph1n\"p\($0)\"" }
    try? Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    return file
  }()

  /// One small problem.
  static let one: URL = {
    let file = root.appending(path: "one.txt")
    try? Data("ic8ih10oc8kh3ph1\n".utf8).write(to: file)
    return file
  }()

  /// A contender that never answers, nor listens to a signal, and has a child like that and one that
  /// has left its process group; the three process ids go to the file that it is given.
  static let deaf: URL = {
    let file = root.appending(path: "deaf.sh")
    let text = """
      #!/bin/sh
      trap '' INT TERM HUP
      sleep 600 &
      near=$!
      setsid sleep 600 &
      echo $$ $near $! > $1.new
      mv $1.new $1
      while :; do sleep 600; done
      """
    try? Data(text.utf8).write(to: file)
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path())
    return file
  }()

  /// Runs `body` with a new folder, which is removed behind it.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    _ = warmth
    let folder = root.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Has the machine's limits measured before anything is interrupted.
  private static let warmth: URL? = KnownMachine.isKnown(in: cache)

  /// Starts the program with what it knows of the machine in `cache`.
  static func start(
    _ words: [String], in folder: URL, program: [String]? = nil, shell: String = "exec \"$@\""
  ) throws -> TestProgram {
    try TestProgram(
      words, in: folder, program: program, variables: ["XDG_CACHE_HOME": cache.path()],
      shell: shell)
  }

  /// Runs it to its end.
  static func run(
    _ words: [String], in folder: URL, shell: String = "exec \"$@\""
  ) throws -> TestProgram.End {
    try TestProgram.run(
      words, in: folder, variables: ["XDG_CACHE_HOME": cache.path()], shell: shell)
  }
}
