// SPDX-License-Identifier: Apache-2.0

/// A program with its arguments and surroundings, as a child process is started from.
public struct Command: Hashable, Sendable {
  /// What a standard stream of the child is.
  public enum Stream: Hashable, Sendable {
    /// Nothing: reads end at once, what is written is lost.
    case nothing
    /// A pipe to this process.
    case pipe
    /// Our own standard output.
    case standardOutput
    /// Our own standard error.
    case standardError
  }

  /// The program, searched along PATH, and its arguments.
  public var words: [String]
  /// Its environment; nil for ours.
  public var environment: [String: String]?
  /// The folder it runs in; nil for ours.
  public var folder: String?
  /// The CPUs it may use; ours where empty.
  public var cpus: [Int] = []
  /// Its standard input.
  ///
  /// Never ours: a child in a process group of its own may not read from a terminal.
  public var input = Stream.nothing
  /// Its standard output.
  public var output = Stream.nothing
  /// Its standard error.
  public var error = Stream.standardError

  /// A command that reads nothing, prints nothing and complains where we do.
  public init(_ words: [String]) { self.words = words }
}

/// Why a child process did not come to be.
public enum ChildError: Error, Hashable, Sendable {
  /// The system refused to start the command, for this reason.
  case notStarted([String], reason: String)

  /// The reason in the system's words.
  public var reason: String {
    switch self {
    case .notStarted(_, let reason): reason
    }
  }
}

extension ChildError: CustomStringConvertible {
  /// One line that names the program.
  public var description: String {
    switch self {
    case .notStarted(let words, let reason): "cannot start ‘\(words.first ?? "")’: \(reason)"
    }
  }
}

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
