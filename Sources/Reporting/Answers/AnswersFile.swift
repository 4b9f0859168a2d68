// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Measuring

/// `answers.md`: every answer, under the circumstances of the run.
public enum AnswersFile {
  /// The file's text.
  public static func text(_ answers: [Answer], of record: RunRecord) -> String {
    let environment = record.environment
    let revision = environment.revision.map { " (\($0))" } ?? ""
    let machine = environment.virtualMachine ? " of a virtual machine" : ""
    let paragraphs = [
      "# Answers",
      "Measured on \(ShownText.markdown(environment.cpuModel)), \(environment.allowedCPUs.count) "
        + "CPUs\(machine), by ConvScope \(record.version)\(revision), begun \(record.startedAt).",
      "\(IntervalName.sentence(processes: record.processes)) A speedup is baseline time over "
        + "contender time, from rounds in which both ran in one slice of time. *Promised* is what "
        + "the multiply-accumulates would give, *realised* the measured share of it. The numbers "
        + "are those of the CSV files beside this one.",
    ]
    var text = paragraphs.flatMap { TextLines.wrapped($0, width: Answer.width) + [""] }
      .joined(separator: "\n")
    // What holds for all suites stands once, at the top.
    let doubts = [record.limits.doubt].compactMap { $0 }
    let common = doubts + (answers.count > 1 ? Self.common(answers) : [])
    if !common.isEmpty {
      let items = Answer.list(common.map(ShownText.markdown))
      text += "\n" + items.map { $0 + "\n" }.joined()
    }
    let parts = answers.map { $0.markdown(without: Set(common)) }
    return text + "\n\n" + parts.joined(separator: "\n")
  }

  private static func common(_ answers: [Answer]) -> [String] {
    answers[0].caveats.filter { caveat in answers.allSatisfy { $0.caveats.contains(caveat) } }
  }
}

extension RunFolder {
  /// Writes `answers.md`: every answer so far, under the circumstances of `record`.
  /// - Throws: `ReportingError.cannotWrite`.
  public func write(_ answers: [Answer], of record: RunRecord) throws(ReportingError) {
    try write(
      Data(AnswersFile.text(answers, of: record).utf8), to: url.appending(path: "answers.md"))
  }
}
