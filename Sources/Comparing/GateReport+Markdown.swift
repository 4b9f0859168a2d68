// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Statistics

extension GateReport {
  /// A heading, a table and what the table means, in GitHub's Markdown.
  public func markdown() -> String {
    var lines = [
      "### \(outcome.title)", "",
      "| case | base | new | new / base | interval | detectable | verdict |",
      "|---|--:|--:|--:|---|--:|---|",
    ]
    lines += cases.map { "| " + $0.cells.map(ShownText.markdown).joined(separator: " | ") + " |" }
    return (lines + [""] + notes().map(ShownText.markdown)).joined(separator: "\n") + "\n"
  }

  /// Sentences for people: what was asked, how sure the answer is, what it could not see.
  public func notes() -> [String] {
    var lines = [rule]
    if let code { lines.append("--skip-unchanged: \(code).") }
    if let detectableSlowdown {
      lines.append(
        "The smallest slowdown that this gate would have caught in every case: "
          + "\(Self.percent(detectableSlowdown)).")
    } else if cases.contains(where: { $0.judged != nil }) {
      lines.append(
        "Not every case had enough rounds for an interval, so some slowdowns of any size "
          + "could not have been caught.")
    }
    if let timeRatio {
      lines.append(
        "Geometric mean of new over base: \(String(format: "%.4f", locale: .posix, timeRatio)).")
    }
    lines += cases.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)." }
    lines += (repeatedSessions ?? []).map { "Run once more: \($0)." }
    lines += differences.map { "Differs: \($0.text)." }
    return lines
  }

  /// What was asked, where, and what *slower* means.
  private var rule: String {
    let percent = Self.percent
    return "Against \(against) on \(machine), \(String(format: "%.0f", seconds)) s. Slower means: "
      + "by more than \(percent(policy.margin)) (threshold \(percent(policy.threshold)), noise "
      + "floor \(percent(policy.noiseFloor)), \(policy.noiseFloorSource)), with a family-wise "
      + "error of at most \(percent(policy.familyWiseError)) over the cases, in two runs in fresh "
      + "processes."
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", locale: .posix, 100 * share)
  }
}

extension GateReport.Outcome {
  /// A few words for a heading.
  public var title: String {
    switch self {
    case .passed: "Performance gate: passed"
    case .regression: "Performance gate: slower"
    case .wrong: "Performance gate: wrong results"
    case .inconclusive: "Performance gate: inconclusive"
    case .failed: "Performance gate: failed"
    case .interrupted: "Performance gate: interrupted"
    }
  }
}

extension GateCase {
  /// Case, base, new, ratio, interval, detectable slowdown and verdict as text.
  public var cells: [String] {
    let number = { (value: Double?, format: String) in
      value.map { String(format: format, locale: .posix, $0) } ?? "—"
    }
    let interval = decisive.flatMap { stage -> String? in
      guard let lower = stage.lower, let upper = stage.upper else { return nil }
      return "\(number(lower, "%.3f")) … \(number(upper, "%.3f"))"
    }
    return [
      "\(suite): \(name)" + (workers > 1 ? ", \(workers) workers" : ""),
      number(baseNanoseconds.map { $0 / 1000 }, "%.2f µs"),
      number(newNanoseconds.map { $0 / 1000 }, "%.2f µs"),
      number(decisive?.timeRatio, "%.3f"), interval ?? "—",
      detectableSlowdown.map { number(100 * $0, "%.1f %%") } ?? "—",
      verdict ?? (isUnchanged == true ? "unchanged" : status.rawValue),
    ]
  }
}

extension Locale {
  /// A point, no grouping, whatever the user's language.
  static let posix = Locale(identifier: "en_US_POSIX")
}
