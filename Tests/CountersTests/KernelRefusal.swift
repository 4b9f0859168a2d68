// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A kernel that refuses `perf_event_open` to the program, by a seccomp filter around it.
struct KernelRefusal: CustomTestStringConvertible {
  /// What the call answers.
  var errno: Int32
  /// What `perf_event_paranoid` then shows to the program, which runs as nobody; nil leaves both.
  var paranoid: Int?

  /// The words in front of the program's own.
  var words: [String] {
    [Self.program.path(), String(errno)] + (paranoid.map { ["--paranoid", String($0)] } ?? [])
  }

  /// Whether it can be arranged here: with a C compiler, and with `paranoid` by root only, and
  /// where nobody may read the build.
  var isPossible: Bool {
    guard CProgram.compiler != nil else { return false }
    let folder = Self.program.deletingLastPathComponent()
    let end = try? TestProgram.run(
      [ProgramRun.program.path(), "--version"], in: folder, program: words)
    return end?.code == 0
  }

  var testDescription: String {
    "errno \(errno)" + (paranoid.map { ", perf_event_paranoid \($0)" } ?? "")
  }

  private static let program: URL = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "convscope-refusal-\(ProcessInfo.processInfo.processIdentifier)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit {
      try? FileManager.default.removeItem(at: KernelRefusal.program.deletingLastPathComponent())
    }
    return CProgram.build("refusing", [], into: folder)
  }()
}
