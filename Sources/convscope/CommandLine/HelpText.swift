// SPDX-License-Identifier: Apache-2.0

/// The help of the program and of its verbs, made from what the verbs declare.
enum HelpText {
  static func program(_ verbs: [any Verb.Type]) -> String {
    let verbs = verbs.filter { !$0.isInternal }
    let width = verbs.map { $0.name.count }.max() ?? 0
    let lines = verbs.map { verb in
      "  \(verb.name.padded(to: width))  \(verb.summary)"
    }
    return """
      convscope: what a convolution costs on this machine, and what saving arithmetic saves.

      usage: convscope VERB [OPTION…] [OPERAND…]

      \(lines.joined(separator: "\n"))

      `convscope VERB --help` explains a verb. Tables and data go to standard output, progress and
      prose to standard error.
      Exit codes: 0 fine, 1 failure, 2 regression, 3 wrong result, 4 inconclusive, 64 usage,
      65 invalid input file, 130 interrupted.

      The launcher ./convscope adds `test` (lint, checks and all tests), `--no-install` (prints the
      line that installs missing packages) and `--with onednn,xnnpack,valgrind` (installs these;
      what is installed is measured too).
      """
  }

  static func verb(_ verb: any Verb.Type) -> String {
    let heads = verb.options.map { option in
      option.value.map { "\(option.name) \($0)" } ?? option.name
    }
    let width = heads.map(\.count).max() ?? 0
    let lines = zip(heads, verb.options).map { head, option in
      "  \(head.padded(to: width))  \(option.help)"
    }
    return """
      usage: convscope \(verb.name) [OPTION…] \(verb.operands)

      \(verb.summary)
      \(verb.discussion)

      \(lines.joined(separator: "\n"))
      """
  }
}

extension String {
  /// The text with spaces behind it, up to `width` characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
