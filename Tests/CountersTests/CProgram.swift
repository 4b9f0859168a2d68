// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// What is compiled from `Tests/PAPIShims` when the tests run.
enum CProgram {
  /// A C compiler along `PATH`; nil where there is none.
  static let compiler: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    return ["cc", "clang", "gcc"].lazy
      .flatMap { name in folders.lazy.map { "\($0)/\(name)" } }
      .first(where: FileManager.default.isExecutableFile(atPath:))
  }()

  /// Compiles `name`.c with `options` into `folder`.
  static func build(_ name: String, _ options: [String], into folder: URL) -> URL {
    let output = folder.appending(path: "\(name).built")
    let words = ["-O1", repository + "/Tests/PAPIShims/\(name).c", "-o", output.path()] + options
    _ = try? TestProgram.run(words, in: folder, program: [compiler ?? "cc"])
    return output
  }
}
