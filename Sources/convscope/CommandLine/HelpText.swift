// SPDX-License-Identifier: Apache-2.0

internal import Reporting

/// The help of the program and of its verbs, made from what the verbs declare.
enum HelpText {
  /// No line of help is longer; a wider one is no easier to read.
  private static var width: Int { min(80, ConsoleWidth.current) }

  static func program(_ verbs: [any Verb.Type]) -> String {
    let verbs = verbs.filter { !$0.isInternal }
    let width = verbs.map { $0.name.count }.max() ?? 0
    let lines = verbs.flatMap { entry($0.name, width, $0.summary) }
    let head = """
      convscope: what a convolution costs on this machine, and what saving arithmetic saves.

      usage: convscope VERB [OPTION…] [OPERAND…]
      """
    let foot = """
      `convscope VERB --help` explains a verb. Tables and data go to standard output, progress and
      prose to standard error.

      Exit codes: 0 fine, 1 failure, 2 regression, 3 wrong result, 4 inconclusive, 64 usage, 65
      invalid input file, 66 missing input, 130 interrupted.

      The launcher ./convscope adds `test` (lint, checks and all tests), `--no-install` (prints the
      line that installs missing packages) and `--with onednn,xnnpack,valgrind` (installs these;
      what is installed is measured too).
      """
    return [wrapped(head), lines, wrapped(foot)].map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  static func verb(_ verb: any Verb.Type) -> String {
    let heads = verb.options.map(\.heading)
    let width = heads.map(\.count).max() ?? 0
    let lines = zip(heads, verb.options).flatMap { entry($0, width, $1.help) }
    let usage = "usage: convscope \(verb.name) [OPTION…] \(verb.operands)"
    return
      ([usage, ""] + wrapped(verb.summary) + wrapped(verb.discussion) + [""] + lines)
      .joined(separator: "\n")
  }

  /// What is typed, and behind it what it does; on lines of its own where it is long.
  private static func entry(_ head: String, _ width: Int, _ text: String) -> [String] {
    let column = min(width, 24)
    let rest = String(repeating: " ", count: column + 4)
    guard head.count > column else {
      return TextLines.wrapped(
        text, width: Self.width, first: "  \(head.padded(to: column))  ", rest: rest)
    }
    return ["  \(head)"] + TextLines.wrapped(text, width: Self.width, first: rest, rest: rest)
  }

  /// Paragraphs, each line of which may be of another width in the source.
  private static func wrapped(_ text: String) -> [String] {
    let paragraphs = text.split(separator: "\n\n").map { paragraph in
      TextLines.wrapped(String(paragraph).replacing("\n", with: " "), width: Self.width)
    }
    return Array(paragraphs.joined(separator: [""]))
  }
}

extension String {
  /// The text with spaces behind it, up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
