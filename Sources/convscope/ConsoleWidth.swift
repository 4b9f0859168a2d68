// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Inputs

/// How many characters a line of the console holds.
enum ConsoleWidth {
  /// Where nothing says it.
  static let usual = 100
  /// Narrower than this, nothing can be said.
  static let least = 40

  /// That of standard output: `COLUMNS`, else what the terminal says, else `usual`.
  static var current: Int { width(of: STDOUT_FILENO) }

  /// That of tables, where somebody reads them: nil where they go to a file or another program.
  static var ofTables: Int? {
    let isSaid = ProcessInfo.processInfo.environment["COLUMNS"] != nil
    return isSaid || isatty(STDOUT_FILENO) == 1 ? current : nil
  }

  /// That of standard error, on which progress is shown.
  static var ofErrors: Int { width(of: STDERR_FILENO) }

  private static func width(of descriptor: Int32) -> Int {
    resolved(
      columns: ProcessInfo.processInfo.environment["COLUMNS"],
      terminal: columnsOfTerminal(descriptor))
  }

  /// The width from what the environment and the terminal say.
  static func resolved(columns: String?, terminal: Int?) -> Int {
    max(least, columns.flatMap { Int(reading: $0, in: 1...100_000) } ?? terminal ?? usual)
  }

  private static func columnsOfTerminal(_ descriptor: Int32) -> Int? {
    var size = winsize()
    let request = UInt(TIOCGWINSZ)
    guard isatty(descriptor) == 1, unsafe ioctl(descriptor, request, &size) == 0, size.ws_col > 0
    else { return nil }
    return Int(clamping: size.ws_col)
  }

  /// Whether lines may be rewritten there: a terminal that knows escape codes.
  static func rewrites(_ descriptor: Int32) -> Bool {
    let terminal = ProcessInfo.processInfo.environment["TERM"] ?? "dumb"
    return isatty(descriptor) == 1 && terminal != "dumb" && !terminal.isEmpty
  }
}
