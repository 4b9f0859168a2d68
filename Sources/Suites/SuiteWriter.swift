// SPDX-License-Identifier: Apache-2.0

internal import Convolution

/// Writes a suite as the text of a suite file.
///
/// Axes are already expanded, so every case and comparison is written out; what is read back is
/// equal to what was written, except for the name, which is the file's, and the notes.
public enum SuiteWriter {
  /// The text of a suite file.
  public static func text(_ suite: Suite) -> String {
    var members = [("title", quoted(suite.title))]
    if !suite.question.isEmpty { members.append(("question", quoted(suite.question))) }
    if !suite.source.isEmpty { members.append(("source", quoted(suite.source))) }
    if suite.kernels != Suite.defaultKernels {
      members.append(("kernels", list(suite.kernels.map(quoted))))
    }
    if !suite.workers.isEmpty { members.append(("workers", list(suite.workers.map { "\($0)" }))) }
    if suite.caches != Suite.defaultCaches {
      members.append(("cache", list(suite.caches.map { quoted($0.rawValue) })))
    }
    if let kernels = suite.contenderKernels {
      members.append(("contenderKernels", object(kernels)))
    }
    members.append(("cases", lines(suite.cases.map { text($0, isListed: true) })))
    if !suite.comparisons.isEmpty {
      members.append(("comparisons", lines(suite.comparisons.map { text($0, of: suite) })))
    }
    if !suite.externalContenders.isEmpty {
      members.append(("externalContenders", lines(suite.externalContenders.map(object))))
    }
    return "{\n" + members.map { "  \($0.0): \($0.1),\n" }.joined() + "}\n"
  }

  /// A case: its descriptor alone where that says everything.
  private static func text(_ suiteCase: SuiteCase, isListed: Bool) -> String {
    let steps = suiteCase.steps.map { quoted(Template.escape(ProblemDescriptor.print($0))) }
    let stepsText = steps.count == 1 ? steps[0] : list(steps)
    var members: [(String, String)] = []
    if suiteCase.name != SuiteCase.derivedName(suiteCase.steps, suiteCase.epilogue) {
      members.append(("name", quoted(Template.escape(suiteCase.name))))
    }
    members.append(("steps", stepsText))
    if suiteCase.epilogue != Epilogue() {
      members.append(("epilogue", quoted(suiteCase.epilogue.suiteName)))
    }
    if suiteCase.multiplicity != SuiteCase.derivedMultiplicity(suiteCase.steps) {
      members.append(("multiplicity", "\(suiteCase.multiplicity)"))
    }
    if isListed, !suiteCase.axes.isEmpty {
      members.append(("axes", axes(suiteCase.axes, order: suiteCase.axes.keys.sorted())))
    }
    return members.count == 1 ? stepsText : object(members)
  }

  private static func text(_ comparison: SuiteComparison, of suite: Suite) -> String {
    var members = [("name", quoted(Template.escape(comparison.name)))]
    if !comparison.axes.isEmpty {
      members.append(("axes", axes(comparison.axes, order: suite.axisNames)))
    }
    for (key, name) in [
      ("baseline", comparison.baselineCase), ("contender", comparison.contenderCase),
    ] {
      if let suiteCase = suite.suiteCase(named: name) {
        members.append((key, text(suiteCase, isListed: false)))
      }
    }
    return object(members)
  }

  /// Axes of one value each, which label without taking part in names.
  private static func axes(_ values: [String: String], order: [String]) -> String {
    object(
      order.compactMap { name in
        values[name].map { value in
          (name, "[\(Int(value).map(String.init) == value ? value : quoted(value))]")
        }
      })
  }
}

extension SuiteWriter {
  private static func object(_ members: [(String, String)]) -> String {
    "{ \(members.map { "\($0.0): \($0.1)" }.joined(separator: ", ")) }"
  }

  private static func object(_ kernels: KernelComparison) -> String {
    object([
      ("baseline", list(kernels.baseline.map(quoted))),
      ("contender", list(kernels.contender.map(quoted))),
    ])
  }

  private static func object(_ program: ExternalContender) -> String {
    object([("name", quoted(program.name)), ("exec", list(program.exec.map(quoted)))])
  }

  private static func list(_ items: [String]) -> String { "[\(items.joined(separator: ", "))]" }

  private static func lines(_ items: [String]) -> String {
    "[\n" + items.map { "    \($0),\n" }.joined() + "  ]"
  }

  /// Text in quotes: in single ones where it holds double ones, as descriptors with names do.
  private static func quoted(_ text: String) -> String {
    let quote: Unicode.Scalar = text.contains("\"") && !text.contains("'") ? "'" : "\""
    var quoted = String.UnicodeScalarView([quote])
    for scalar in text.unicodeScalars {
      switch scalar {
      case quote, "\\": quoted.append(contentsOf: ["\\", scalar])
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        let padding = digits.count < 2 ? "0" : ""
        quoted.append(contentsOf: "\\x\(padding)\(digits)".unicodeScalars)
      default: quoted.append(scalar)
      }
    }
    quoted.append(quote)
    return String(quoted)
  }
}
