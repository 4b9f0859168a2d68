// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the program that was built with these tests answers to words that are not right.
struct ProgramAnswer {
  /// The exit code; nil where a signal ended the process.
  let exitCode: Int32?
  let output: String
  let error: String

  /// Runs the program with `words` and `input` in `folder`, which is also where it keeps what it
  /// knows of the machine.
  init(_ words: [String], input: String = "", in folder: URL) throws {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = words
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["XDG_CACHE_HOME": folder.path(), "GITHUB_STEP_SUMMARY": ""]) { $1 }
    // Files and not pipes: neither side can wait for the other.
    let files = ["in", "out", "err"].map { folder.appending(path: "\(UUID()).\($0)") }
    for file in files { try Data((file == files[0] ? input : "").utf8).write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationReason == .exit ? process.terminationStatus : nil
    (output, error) = try (
      String(decoding: Data(contentsOf: files[1]), as: UTF8.self),
      String(decoding: Data(contentsOf: files[2]), as: UTF8.self)
    )
    for file in files { try FileManager.default.removeItem(at: file) }
  }
}
