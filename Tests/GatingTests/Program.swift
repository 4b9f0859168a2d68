// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A run of the program that was built with these tests, beside them.
struct Program {
  let exitCode: Int32
  let standardError: String

  static let url = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("convscope")

  /// Runs the program with `words`; what it knows of the machine goes to `folder`.
  init(_ words: [String], in folder: URL) throws {
    let process = Process()
    process.executableURL = Self.url
    process.arguments = words
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": folder.path(), "GITHUB_STEP_SUMMARY": ""]) { $1 }
    // A file and not a pipe: neither side can wait for the other.
    let errors = folder.appending(path: "errors")
    try Data().write(to: errors)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    standardError = try String(contentsOf: errors, encoding: .utf8)
  }
}
