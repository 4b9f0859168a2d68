// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The program that was built with these tests, at work: it can be watched, and sent signals.
final class RunningProgram {
  /// How it ended.
  struct End {
    /// The exit code; minus the signal where one ended it.
    let code: Int32
    let output: String
    let errors: String
  }

  let identifier: Int32
  private let process: Process
  private let outputFile: URL
  private let errorFile: URL

  static let url = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("convscope")

  /// Starts the program with `words`, or another one where `program` names it, through a line of
  /// `shell` where one is given; what it prints goes to files in `folder`.
  init(
    _ words: [String], in folder: URL, program: [String]? = nil, shell: String? = nil
  ) throws {
    let command = (program ?? [Self.url.path()]) + words
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // Tests that run under nohup would hand on that SIGHUP means nothing.
    process.arguments =
      ["--default-signal=INT,TERM,HUP"]
      + (shell.map { ["sh", "-c", $0, "sh"] + command } ?? command)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": Scratch.cache.path(), "GITHUB_STEP_SUMMARY": ""]) { $1 }
    outputFile = folder.appending(path: "\(UUID()).out")
    errorFile = folder.appending(path: "\(UUID()).err")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    identifier = process.processIdentifier
  }

  deinit {
    if process.isRunning { kill(identifier, SIGKILL) }
  }

  var isRunning: Bool { process.isRunning }

  /// What it has printed to standard output so far.
  var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }

  /// What it has printed to standard error so far.
  var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

  /// Waits until something can be seen; false where the program ended before.
  @discardableResult
  func wait(until isSeen: () -> Bool) -> Bool {
    while !isSeen() {
      guard process.isRunning else { return isSeen() }
      usleep(2000)
    }
    return true
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  func end() -> End {
    process.waitUntilExit()
    let status = process.terminationStatus
    return End(
      code: process.terminationReason == .uncaughtSignal ? -status : status,
      output: output, errors: errors)
  }

  /// Runs the program to its end.
  static func run(_ words: [String], in folder: URL, shell: String? = nil) throws -> End {
    try RunningProgram(words, in: folder, shell: shell).end()
  }
}
