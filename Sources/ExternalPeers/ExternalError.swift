// SPDX-License-Identifier: Apache-2.0

internal import Children

/// Why a contender gave no result; the description is the reason of its row.
public enum ExternalError: Error, Hashable, Sendable {
  /// The process could not be started.
  case notStarted(command: [String], reason: String)
  /// No answer came in time; the process group was ended.
  case timedOut(Action, after: Duration, evidence: String)
  /// The process ended by itself, with an exit code.
  case exited(Action, code: Int, evidence: String)
  /// The process was ended by a signal.
  case killed(Action, signal: Int, evidence: String)
  /// Standard output carried something that is no answer; `quote` are its first bytes.
  case malformedAnswer(Action, quote: String, problem: String)
  /// The contender speaks another version of the protocol.
  case protocolVersion(answered: Int, accepted: Int)
  /// The contender cannot compute the problem.
  case unsupported(reason: String)
  /// The contender has checked its output, and it is wrong.
  case wrong(String)
  /// The contender answered with an error.
  case refused(Action, message: String)
  /// The file of a tensor has the wrong size.
  case fileSize(path: String, bytes: Int, expected: Int)
  /// The time is not one that a clock can have measured.
  case implausibleTime(nanoseconds: Double, reason: String)
  /// A file for tensors could not be made, written or read.
  case file(path: String, reason: String)
  /// Somebody asked to stop while an answer was awaited; the process group was ended.
  case interrupted(Action)
  /// The contender was closed before.
  case closed

  /// Whether the contender is gone: no later request can succeed.
  public var endsContender: Bool {
    switch self {
    case .notStarted, .timedOut, .exited, .killed, .malformedAnswer, .protocolVersion, .closed,
      .interrupted:
      true
    case .unsupported, .wrong, .refused, .fileSize, .implausibleTime, .file: false
    }
  }
}

extension ExternalError: CustomStringConvertible {
  /// One line that says what happened, during which request, and what the contender printed last.
  public var description: String {
    switch self {
    case .notStarted(let command, let reason):
      "cannot start ‘\(command.joined(separator: " "))’: \(reason)"
    case .timedOut(let action, let limit, let evidence):
      "no answer to \(action.rawValue) within \(limit.inSeconds) s, ended" + Self.said(evidence)
    case .exited(let action, let code, let evidence):
      "exited with code \(code) during \(action.rawValue)" + Self.said(evidence)
    case .killed(let action, let signal, let evidence):
      "ended \(Ending.killed(signal: signal)) during \(action.rawValue)" + Self.said(evidence)
    case .malformedAnswer(let action, let quote, let problem):
      "answer to \(action.rawValue) is not understood (\(problem)): ‘\(quote)’"
    case .protocolVersion(let answered, let accepted):
      "speaks protocol version \(answered); accepted is \(accepted)"
    case .unsupported(let reason): "unsupported: \(reason)"
    case .wrong(let text): "wrong: \(text)"
    case .refused(let action, let message): "\(action.rawValue) failed: \(message)"
    case .fileSize(let path, let bytes, let expected):
      "\(path): the tensor's file has \(bytes) bytes; the tensor needs \(expected)"
    case .implausibleTime(let nanoseconds, let reason):
      "reports \(nanoseconds) ns: \(reason)"
    case .file(let path, let reason): "\(path): \(reason)"
    case .interrupted(let action): "stopped while it answered \(action.rawValue)"
    case .closed: "the contender was closed"
    }
  }

  private static func said(_ evidence: String) -> String {
    evidence.isEmpty ? "" : "; it printed: \(evidence)"
  }
}
