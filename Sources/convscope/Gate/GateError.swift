// SPDX-License-Identifier: Apache-2.0

/// Why a gate cannot begin.
enum GateError: Error {
  /// Neither `--against` nor `--baseline`, or both.
  case oneYardstick
  /// What `--against` names is no program.
  case notExecutable(String)
  /// The repository has no such revision.
  case noRevision(String, repository: String)
  /// A revision cannot be built.
  case noBuild(String, reason: String)
}

extension GateError: CustomStringConvertible {
  var description: String {
    switch self {
    case .oneYardstick:
      "a gate needs something to compare with; accepted is one of --against PATH, --against "
        + "git:REV and --baseline DIR"
    case .notExecutable(let path):
      "--against is ‘\(path)’; accepted are a program (a build of ConvScope) and git:REV"
    case .noRevision(let revision, let repository):
      "git knows no commit ‘\(revision)’ in \(repository)"
    case .noBuild(let revision, let reason): "git:\(revision) cannot be built: \(reason)"
    }
  }

  var code: ExitCode {
    if case .noBuild = self { return .failure }
    return .usage
  }
}
