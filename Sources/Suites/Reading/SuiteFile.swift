// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// Files from which suites are read.
enum SuiteFile {
  /// What a file holds, as text.
  /// - Throws: `SuiteError.unreadable` with the reason.
  static func text(_ path: String) throws(SuiteError) -> String {
    do throws(InputFile.Fault) {
      return try InputFile.text(path, limit: SuiteLimits.largestFile)
    } catch {
      let models =
        "; accepted are suites, batch files and logs, and ONNX models by the extension .onnx"
      throw .unreadable(file: path, reason: "\(error)\(error.isNoText ? models : "")")
    }
  }

  /// The kinds of files of which a suite is made.
  enum Kind {
    case suite
    case batch
    case verboseLog
  }

  /// What kind of file a text is.
  static func kind(of text: String, path: String) -> Kind {
    if path.hasSuffix(".json5") || path.hasSuffix(".json") { return .suite }
    if VerboseLog.isLog(text) { return .verboseLog }
    // No descriptor and no option of a batch file begins like JSON5 or one of its comments.
    let first = text.first { !$0.isWhitespace && $0 != "\u{FEFF}" }
    return first == "{" || first == "/" ? .suite : .batch
  }

  /// The name of the suite that is made of a file: the last component without extension.
  static func suiteName(_ path: String) -> String {
    let last = path.split(separator: "/").last ?? ""
    // The name becomes a folder of the results; one of dots only would lead out of them.
    let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
    return stem.allSatisfy { $0 == "." } ? "suite" : String(stem)
  }
}
