// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Foundation
internal import Inputs
internal import Statistics

extension GateReport {
  /// A heading, a table and what the table means, in GitHub's Markdown.
  public func markdown() -> String {
    var lines = [
      "### \(title)", "",
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
    if let line = overall?.text ?? meanText { lines.append(line) }
    if let advice { lines.append(advice) }
    for one in cases {
      guard let floor = one.noiseFloor, floor > policy.margin else { continue }
      lines.append(
        "\(one.name): slower means by more than \(Self.percent(floor)), what identical code differs "
          + "by in visits as long as these.")
    }
    lines += cases.filter { !$0.reason.isEmpty }.map { "\($0.name): \($0.reason)." }
    lines += (repeatedSessions ?? []).map { "Run once more: \($0)." }
    lines += differences.map { "Differs: \($0.text)." }
    return lines
  }

  /// The outcome, and where most cases are undecided, that they are.
  public var title: String {
    let judged = cases.filter { $0.judged != nil }
    let undecided = judged.count { $0.judged == .inconclusive }
    guard outcome == .passed, 2 * undecided > judged.count else { return outcome.title }
    return "\(outcome.title), but \(undecided) of \(judged.count) cases are undecided"
  }

  private var meanText: String? {
    timeRatio.map {
      "Geometric mean of new over base: \(String(format: "%.4f", locale: .posix, $0))."
    }
  }

  /// What would decide the cases that are undecided; nil where all are decided.
  private var advice: String? {
    let undecided = cases.filter { $0.judged == .inconclusive }
    guard !undecided.isEmpty else { return nil }
    let begin = "Undecided: \(undecided.count) of \(cases.count { $0.judged != nil }) cases."
    let needed = undecided.compactMap { $0.decisive?.sessionsToDecide(within: policy.threshold) }
    guard let most = needed.max(), needed.count == undecided.count else {
      return "\(begin) Some have too few calm sessions for an interval: run it on a calmer machine "
        + "or with a larger --budget."
    }
    let measured = undecided.compactMap(\.decisive?.sessions).max() ?? 1
    guard most > measured else {
      return "\(begin) Their differences lie near the threshold; more time may decide them "
        + "(--budget)."
    }
    let budget = max(seconds, 1) * Double(most) / Double(max(measured, 1))
    return "\(begin) With their noise it takes about --processes \(most) --budget "
      + "\(String(format: "%.0f", locale: .posix, (budget * 2 / 10).rounded(.up) * 10))s, or a "
      + "calmer machine."
  }

  /// What was asked, where, and what *slower* means.
  private var rule: String {
    let percent = Self.percent
    return "Against \(against) on \(machine), \(String(format: "%.0f", seconds)) s. Slower means: "
      + "by more than \(percent(policy.margin)) (threshold \(percent(policy.threshold)), noise "
      + "floor \(percent(policy.noiseFloor)), \(policy.noiseFloorSource)), with a family-wise "
      + "error of at most \(percent(policy.familyWiseError)) over the cases, in two runs in fresh "
      + "processes. Same means: within \(percent(policy.threshold))."
  }

  private static func percent(_ share: Double) -> String {
    String(format: "%.1f %%", locale: .posix, 100 * share)
  }
}

extension GateOverall {
  /// What all cases together show.
  var text: String {
    let number = { (value: Double) in String(format: "%.4f", locale: .posix, value) }
    let stage = decisive
    let interval = stage.lower.flatMap { lower in
      stage.upper.map { " (\(number(lower)) … \(number($0)))" }
    }
    let margin = String(format: "%.2f %%", locale: .posix, 100 * margin)
    let least = detectableSlowdown.map { String(format: ", detectable %.2f %%", 100 * $0) }
    return "All \(cases) cases together: geometric mean of new over base "
      + "\(number(stage.timeRatio))\(interval ?? ""), \(verdict) (margin \(margin)\(least ?? ""))."
  }
}

extension GateCase.Stage {
  /// How many sessions with this noise make the interval half as wide as the threshold allows; nil
  /// where there is no interval.
  func sessionsToDecide(within threshold: Double) -> Int? {
    guard let lower, let upper, lower > 0 else { return nil }
    let width = log(upper / lower) / log1p(threshold)
    let needed = Double(sessions) * width * width
    return Int(clamping: (needed / 8).rounded(.up) * 8, to: 1...1_000_000)
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
