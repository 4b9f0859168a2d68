// SPDX-License-Identifier: Apache-2.0

internal import Boundary
internal import Comparing
internal import Foundation
internal import Measuring

extension CountGateReport {
  /// The headings of `cells`.
  public static let headings = [
    "case", "kernel", "event", "base", "new", "change", "limit", "verdict",
  ]

  /// A few words for a heading.
  public var title: String {
    switch outcome {
    case .passed: "Gate by counts: passed"
    case .regression: "Gate by counts: more work"
    case .wrong: "Gate by counts: wrong results"
    case .inconclusive: "Gate by counts: inconclusive"
    case .failed: "Gate by counts: failed"
    case .interrupted: "Gate by counts: interrupted"
    }
  }

  /// A line per count that changed by more than its limit, and one per case without such a count.
  public var cells: [[String]] {
    cases.flatMap { one in
      one.told.isEmpty ? [one.cells(nil)] : one.told.map { one.cells($0) }
    }
  }

  /// A heading, a table and what the table means, in GitHub's Markdown.
  public func markdown() -> String {
    var lines = ["### \(title)", "", "| " + Self.headings.joined(separator: " | ") + " |"]
    lines.append("|---|---|---|--:|--:|--:|--:|---|")
    lines += cells.map { "| " + $0.map(ShownText.markdown).joined(separator: " | ") + " |" }
    return (lines + [""] + notes().map(ShownText.markdown)).joined(separator: "\n") + "\n"
  }

  /// Sentences for people: what was asked, what was counted, what was not and why.
  public func notes() -> [String] {
    let counts = cases.flatMap(\.counts)
    let own = policy.limits.sorted { $0.key < $1.key }.map { "\($0): \(Self.percent($1))" }
    let widest = counts.compactMap(\.change).map(abs).max()
    var lines = [
      "Against \(against) on \(machine), \(String(format: "%.0f", seconds)) s. More means: by more "
        + "than \(Self.percent(policy.limit)) of the base's count and by more than "
        + "\(Int(policy.leastGrowth)) events"
        + (own.isEmpty ? "." : "; limits of their own: \(own.joined(separator: ", "))."),
      "\(counts.count) counts of \(cases.count { $0.status == .ok }) cases were compared: "
        + "\(counts.count { $0.verdict == .same }) same, \(counts.count { $0.verdict == .more }) "
        + "more, \(counts.count { $0.verdict == .less }) less"
        + (widest.map { "; the largest change is \(Self.percent($0))." } ?? "."),
    ]
    if let remark { lines.append(remark) }
    lines += cases.filter { !$0.reason.isEmpty }.map { "\($0.name), \($0.kernel): \($0.reason)." }
    lines += cases.compactMap(\.otherKernel)
    lines += earlyEnds.map { "The simulation ended early: \($0)." }
    lines += differences.map { "Differs: \($0.text)." }
    return lines
  }

  static func percent(_ share: Double) -> String {
    // Six digits behind the point: one instruction in a hundred million is still seen.
    let text = String(format: share < 0.001 ? "%.6f" : "%.2f", locale: posix, 100 * share)
    return "\(share == 0 ? "0" : text) %"
  }

  static let posix = Locale(identifier: "en_US_POSIX")
}

extension CountGateCase {
  /// A remark where another kernel is compared with the base's; nil where it is the same.
  fileprivate var otherKernel: String? {
    guard status == .ok, let baseKernel, baseKernel != kernel else { return nil }
    return "\(name): computed with \(kernel), in the base with \(baseKernel)."
  }

  /// Case, kernel, event, base, new, change, limit and verdict as text.
  fileprivate func cells(_ count: Count?) -> [String] {
    func number(_ value: Double?) -> String {
      value.map { String(format: "%.0f", locale: CountGateReport.posix, $0) } ?? "—"
    }
    let change = count?.change.map {
      String(format: "%+.4f %%", locale: CountGateReport.posix, 100 * $0)
    }
    return [
      "\(suite): \(name)", kernel, count?.event ?? "—", number(count?.base), number(count?.new),
      change ?? "—", count.map { CountGateReport.percent($0.limit) } ?? "—",
      count?.verdict.rawValue ?? status.rawValue,
    ]
  }
}
