// SPDX-License-Identifier: Apache-2.0

internal import Measuring
internal import Reporting
internal import Suites

/// Prints what a suite showed on standard output: its question, tables, and the answer.
struct SuitePrinter {
  let suite: Suite
  let limits: MachineLimits

  func print(_ groups: [GroupResult], answer: Answer) {
    guard !groups.isEmpty else { return }
    let report = ConsoleReport(limits: limits)
    Console.out("")
    Console.out("\(suite.name): \(suite.question.isEmpty ? suite.title : suite.question)")
    let tables: [String]
    if suite.contenderKernels == nil {
      let comparisons = report.comparisons(groups)
      tables = comparisons.isEmpty ? report.cases(groups) : comparisons
    } else {
      tables = LibraryReport(groups, limits: limits).lines()
    }
    for line in tables { Console.out(line) }
    for remark in report.remarks(groups) { Console.out("  \(remark)") }
    for line in answer.lines() { Console.out(line) }
  }
}
