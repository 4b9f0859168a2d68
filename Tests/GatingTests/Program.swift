// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A run of the program that was built with these tests, beside them.
struct Program {
  let exitCode: Int32
  let standardOutput: String
  let standardError: String

  static let url = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("convscope")

  /// Runs the program with `words` in the current folder `here`; what it knows of the machine goes
  /// to `folder`.
  init(_ words: [String], in folder: URL, here: URL? = nil) throws {
    let process = Process()
    process.executableURL = Self.url
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": folder.path(), "GITHUB_STEP_SUMMARY": ""]) { $1 }
    // A file and not a pipe: neither side can wait for the other.
    let streams = ["output", "errors"].map { folder.appending(path: $0) }
    for stream in streams { try Data().write(to: stream) }
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    process.currentDirectoryURL = here
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    standardOutput = try String(contentsOf: streams[0], encoding: .utf8)
    standardError = try String(contentsOf: streams[1], encoding: .utf8)
  }
}
