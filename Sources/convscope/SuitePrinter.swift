// SPDX-License-Identifier: Apache-2.0

internal import Reporting

/// How tables are printed.
enum TableStyle: Sendable {
  /// What fits on the console.
  case fitting(width: Int)
  /// Every column, however wide.
  case wide
  /// For a pull request.
  case markdown

  /// The most characters of a line; nil where there is no such limit.
  var width: Int? { if case .fitting(let width) = self { width } else { nil } }
}

/// Prints what suites showed on standard output: question, answer, tables, and what limits the trust;
/// a caveat of several suites stands under the first one.
struct SuitePrinter {
  private let style: TableStyle
  private var said: Set<String> = []

  init(style: TableStyle) { self.style = style }

  mutating func print(_ found: Answer) {
    var answer = found
    answer.caveats.removeAll { !said.insert($0).inserted }
    guard case .markdown = style else {
      let question = "\(answer.suite): \(answer.question)"
      let lines = TextLines.wrapped(
        question, width: style.width ?? ConsoleWidth.usual, rest: "  ")
      for line in [""] + lines + answer.lines(width: style.width) { Console.out(line) }
      return
    }
    Console.out(lines: answer.markdown)
  }
}
