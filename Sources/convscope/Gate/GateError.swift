// SPDX-License-Identifier: Apache-2.0

/// Why a gate cannot begin.
enum GateError: Error {
  /// Neither `--against` nor `--baseline`, or both.
  case oneYardstick
  /// What `--against` names is no program.
  case notExecutable(String)
  /// The repository has no such revision.
  case noRevision(String, repository: String)
  /// git cannot be started.
  case noGit(reason: String)
  /// A revision cannot be built.
  case noBuild(String, reason: String)
  /// An option that is for times only stands beside `--counts`.
  case onlyOfTimes(String)
  /// An option that is for counts only stands without `--counts`.
  case onlyOfCounts(String)
  /// A stored run has no simulated counts.
  case noCounts(String)
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
    case .noGit(let reason): "git cannot be started: \(reason)"
    case .noBuild(let revision, let reason): "git:\(revision) cannot be built: \(reason)"
    case .onlyOfTimes(let option):
      "\(option) is about times; accepted beside --counts is --limit EVENT=SHARE"
    case .onlyOfCounts(let option): "\(option) is about counts; it needs --counts"
    case .noCounts(let path):
      "--baseline is ‘\(path)’, a run without simulated counts; accepted is one made with "
        + "--counters simulated (and --isa avx2 where the CPU has AVX-512)"
    }
  }

  var code: ExitCode {
    switch self {
    case .noGit, .noBuild: .failure
    case .noCounts: .inconclusive
    default: .usage
    }
  }
}
