// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Measuring

extension RunFolder {
  /// Writes `answers.md`: every answer so far, under the circumstances of `record`.
  /// - Throws: `ReportingError.cannotWrite`.
  public func write(_ answers: [Answer], of record: RunRecord) throws(ReportingError) {
    let environment = record.environment
    var text = """
      # Answers

      Measured on \(ShownText.markdown(environment.cpuModel)), \(environment.allowedCPUs.count) CPUs\
      \(environment.virtualMachine ? " of a virtual machine" : ""), by ConvScope \(record.version)\
      \(environment.revision.map { " (\($0))" } ?? ""), begun \(record.startedAt). \
      \(IntervalName.sentence(processes: record.processes)) A speedup is baseline time over \
      contender time, from rounds in which both ran in one slice of time; *promised* is what the multiply-accumulates would give, *realised* the \
      measured share of it. The numbers are those of the CSV files beside this one.


      """
    text = text.split(separator: "\n", omittingEmptySubsequences: false)
      .flatMap { TextLines.wrapped(String($0), width: Answer.width) }.joined(separator: "\n")
    // What holds for all suites stands once, at the top.
    let common =
      [record.limits.doubt].compactMap { $0 }
      + (answers.count > 1 ? Self.common(answers) : [])
    if !common.isEmpty {
      let items = Answer.list(common.map(ShownText.markdown))
      text += items.map { $0 + "\n" }.joined() + "\n\n"
    }
    text += answers.map { $0.markdown(without: Set(common)) }.joined(separator: "\n")
    try write(Data(text.utf8), to: url.appending(path: "answers.md"))
  }

  private static func common(_ answers: [Answer]) -> [String] {
    answers[0].caveats.filter { caveat in answers.allSatisfy { $0.caveats.contains(caveat) } }
  }
}
