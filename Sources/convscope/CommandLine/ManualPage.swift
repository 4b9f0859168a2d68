// SPDX-License-Identifier: Apache-2.0

/// The manual page, from what the verbs declare.
enum ManualPage {
  /// The page in the macros of man(7).
  static func text(_ verbs: [any Verb.Type], version: String) -> String {
    var lines = [
      ".TH CONVSCOPE 1 \"\" \"convscope \(version)\"", ".SH NAME",
      "convscope \\- what a convolution costs on this machine, and what saving arithmetic saves",
      ".SH SYNOPSIS", ".B convscope", ".I VERB", "[OPTION\\[u2026]] [OPERAND\\[u2026]]",
      ".SH DESCRIPTION",
      "Tables and data go to standard output, progress and prose to standard error.",
      ".SH VERBS",
    ]
    for verb in verbs {
      lines += [
        ".SS " + escaped("\(verb.name) \(verb.operands)"), escaped(verb.summary), ".PP",
        escaped(verb.discussion),
      ]
      for option in verb.options {
        lines += [".TP", ".B " + escaped(option.heading), escaped(option.help)]
      }
    }
    lines += [
      ".SH EXIT STATUS",
      "0 fine, 1 failure, 2 regression, 3 wrong result, 4 inconclusive, 64 usage, 65 invalid "
        + "input file, 66 missing input, 130 interrupted.",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  /// Text that troff shows as it is: a line is no request, a dash no hyphen.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "\n").map { line in
      let plain = String(line).replacing("\\", with: "\\e").replacing("-", with: "\\-")
        .replacing("…", with: "\\[u2026]")
      return plain.first == "." || plain.first == "'" ? "\\&" + plain : plain
    }.joined(separator: "\n")
  }
}
