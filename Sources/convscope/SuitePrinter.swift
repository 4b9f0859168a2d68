// SPDX-License-Identifier: Apache-2.0

internal import Measuring
internal import Reporting
internal import Suites

/// How tables are printed.
enum TableStyle: Sendable {
  /// What fits on the console.
  case fitting(width: Int)
  /// Every column, however wide.
  case wide
  /// For a pull request.
  case markdown
}

/// Prints what a suite showed on standard output: its question, the answer, tables, and caveats.
struct SuitePrinter {
  let suite: Suite
  let limits: MachineLimits
  let style: TableStyle

  func print(_ groups: [GroupResult], answer: Answer) {
    guard !groups.isEmpty else { return }
    let question = suite.question.isEmpty ? suite.title : suite.question
    switch style {
    case .markdown:
      Console.out(lines: answer.markdown)
    case .wide:
      show(["", "\(suite.name): \(question)"] + tables(groups, answer) + remarks(groups, .max))
      show(answer.lines(withTables: false))
    case .fitting(let width):
      show([""] + TextLines.wrapped("\(suite.name): \(question)", width: width, rest: "  "))
      if suite.contenderKernels != nil {
        show(LibraryReport(groups, limits: limits).lines(width: width))
      }
      show(remarks(groups, width))
      show(answer.lines(width: width))
    }
  }

  private func show(_ lines: [String]) {
    for line in lines { Console.out(line) }
  }

  private func tables(_ groups: [GroupResult], _ answer: Answer) -> [String] {
    guard suite.contenderKernels == nil else {
      return LibraryReport(groups, limits: limits).lines()
    }
    let report = ConsoleReport(limits: limits)
    let comparisons = report.comparisons(groups)
    return (comparisons.isEmpty ? report.cases(groups) : comparisons)
      + answer.exhibits.dropFirst().flatMap { ["", "  \($0.title)"] + $0.table.lines() }
  }

  private func remarks(_ groups: [GroupResult], _ width: Int) -> [String] {
    Remarks.of(groups).flatMap {
      TextLines.wrapped($0, width: width, first: "  ", rest: "    ")
    }
  }
}
