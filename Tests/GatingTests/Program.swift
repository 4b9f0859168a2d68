// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A run of the program that was built with these tests, beside them.
struct Program {
  /// The exit code; nil where a signal ended the process.
  let exitCode: Int32?
  let standardOutput: String
  let standardError: String

  static var url: URL { TestProgram.url }

  /// Runs the program with `words` and `input` in the current folder `here`; what it knows of the
  /// machine goes to `folder`.
  init(
    _ words: [String], input: String = "", in folder: URL, here: URL? = nil,
    variables: [String: String] = [:]
  ) throws {
    KnownMachine.isKnown(in: folder)
    let end = try TestProgram.run(
      words, in: folder, here: here, input: input,
      variables: variables.merging(["XDG_CACHE_HOME": folder.path()]) { $1 })
    (exitCode, standardOutput, standardError) = (end.exitCode, end.output, end.errors)
  }
}
