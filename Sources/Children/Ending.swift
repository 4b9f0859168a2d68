// SPDX-License-Identifier: Apache-2.0

/// How a process ended.
public enum Ending: Hashable, Sendable {
  /// By itself, with an exit code.
  case exited(code: Int)
  /// By a signal.
  case killed(signal: Int)

  /// Whether it ended by itself and says that all went well.
  public var isSuccess: Bool { self == .exited(code: 0) }
}

extension Ending: CustomStringConvertible {
  /// Behind “it ended”: `with exit code 3`, `by signal 11 (SIGSEGV)`.
  public var description: String {
    switch self {
    case .exited(let code): "with exit code \(code)"
    case .killed(let signal): "by signal \(signal) (\(SignalName.of(signal)))"
    }
  }
}
