// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A run of the program that was built with these tests, beside them.
struct ProgramRun {
  let exitCode: Int32
  let standardOutput: String
  let standardError: String
  /// Where `--output` led.
  let folder: URL

  static var program: URL { TestProgram.url }

  /// One folder for all: the machine's limits are measured once.
  private static let scratch: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "convscope-runs-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // A run as nobody writes there, too.
    try? FileManager.default.setAttributes(
      [.posixPermissions: 0o777], ofItemAtPath: folder.path())
    atexit { try? FileManager.default.removeItem(at: ProgramRun.scratch) }
    KnownMachine.isKnown(in: folder)
    return folder
  }()

  /// Measures one small convolution; `variables` come on top of the environment.
  ///
  /// `wrapper` are the words of a program that runs it.
  static func small(
    _ options: [String], _ variables: [String: String] = [:], through wrapper: [String] = []
  ) throws -> ProgramRun {
    let folder = scratch.appending(path: UUID().uuidString)
    let words = [
      "run", smallSuite.path(), "--budget", "9s", "--precision", "50%", "--output", folder.path(),
    ]
    return try ProgramRun(words + options, variables, folder: folder, through: wrapper)
  }

  /// Gates the same convolution by simulated counts.
  static func countGate(
    _ options: [String], _ variables: [String: String] = [:]
  ) throws -> ProgramRun {
    let folder = scratch.appending(path: UUID().uuidString)
    let words = [
      "gate", "--counts", smallSuite.path(), "--no-progress", "--output", folder.path(),
    ]
    return try ProgramRun(words + options, variables, folder: folder)
  }

  /// Written once: suites of tests run side by side, and a run would read an empty file.
  private static let smallSuite: URL = {
    let batch = scratch.appending(path: "small.txt")
    try? Data("ic8ih10oc8kh3ph1\n".utf8).write(to: batch)
    return batch
  }()

  /// Runs the program with `words`.
  init(
    _ words: [String], _ variables: [String: String] = [:], folder: URL? = nil,
    through wrapper: [String] = []
  ) throws {
    self.folder = folder ?? Self.scratch
    let end = try TestProgram.run(
      words, in: Self.scratch, program: wrapper + [Self.program.path()],
      variables: ["XDG_CACHE_HOME": Self.scratch.path()].merging(variables) { $1 })
    (exitCode, standardOutput, standardError) = (end.code, end.output, end.errors)
  }

  /// A file below the run's folder, of its only suite.
  func text(_ name: String) throws -> String {
    let folders = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.isDirectoryKey])
    let suite = folders.first { $0.hasDirectoryPath } ?? folder
    return try String(contentsOf: suite.appending(path: name), encoding: .utf8)
  }
}
