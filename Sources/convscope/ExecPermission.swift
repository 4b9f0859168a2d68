// SPDX-License-Identifier: Apache-2.0

/// Which commands of files outside of the project may be started.
///
/// A suite or a stored run is data that may come from anybody, and yet both can name programs. What
/// the user typed and what lies in the user's own checkout is trusted; all else asks first.
enum ExecPermission: Hashable, Sendable {
  /// None.
  case none
  /// These: programs as the file names them, or whole commands with their arguments.
  case some([String])
  /// Every one.
  case all

  static let option = Option(
    "--allow-exec", optional: "COMMAND,…",
    "start the programs that suites or runs outside of this project name: all, or these only")

  /// What the arguments allow.
  /// - Throws: `UsageError`.
  init(_ arguments: Arguments) throws(UsageError) {
    let values = arguments.all(Self.option.name)
    if values.isEmpty {
      self = .none
    } else if values.contains("") {
      self = .all
    } else {
      self = .some(try arguments.list(Self.option.name))
    }
  }

  /// Checks the programs of a plan.
  /// - Throws: `UsageError.notAllowed` for the first that may not be started.
  func check(_ programs: [ProgramToStart]) throws(UsageError) {
    for program in programs where !program.source.isTrusted && !allows(program.command) {
      throw .notAllowed(program)
    }
  }

  private func allows(_ command: [String]) -> Bool {
    switch self {
    case .none: false
    case .all: true
    case .some(let accepted):
      accepted.contains(command.joined(separator: " "))
        || command.first.map { accepted.contains($0) } ?? false
    }
  }
}
