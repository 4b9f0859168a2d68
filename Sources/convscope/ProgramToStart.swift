// SPDX-License-Identifier: Apache-2.0

internal import Boundary

/// A program that a plan starts beside this one, and who wants it.
struct ProgramToStart: Hashable, Sendable {
  /// Who named the command.
  enum Source: Hashable, Sendable {
    /// The user, on the command line.
    case commandLine
    /// `--runtime`, which names it by what `peers/` calls it.
    case runtime
    /// The suite of this name; the file where it is none of `suites/`.
    case suite(String, file: String?)
    /// The command line in the `run.json` of this folder.
    case storedRun(String)

    var text: String {
      switch self {
      case .commandLine: "the command line"
      case .runtime: "--runtime"
      case .suite(let name, nil): "the suite \(name)"
      case .suite(_, let file?): "the suite file \(file)"
      case .storedRun(let folder): "the stored run \(folder)"
      }
    }

    /// Whether it may name programs: the user, and what lies in the user's own checkout.
    var isTrusted: Bool {
      switch self {
      case .commandLine, .runtime, .suite(_, nil): true
      case .suite(_, let path?), .storedRun(let path): ProjectFolder.contains(path)
      }
    }
  }

  /// The contender that it computes for.
  var contender: String
  /// The program and its arguments.
  var command: [String]
  /// Who named it.
  var source: Source
}

extension ProgramToStart: CustomStringConvertible {
  var description: String {
    "‘\(ShownText.line(command.joined(separator: " ")))’ (\(contender))"
  }
}
