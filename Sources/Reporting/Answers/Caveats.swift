// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring

/// What limits the trust in a suite's rows.
enum Caveats {
  /// What the numbers leave open, or say and cannot be relied on.
  static func open(_ rows: SuiteRows) -> [String] {
    [slower(rows), inconclusive(rows), disturbed(rows), beyondRoofs(rows)].compactMap { $0 }
  }

  /// The caveats that apply.
  static func of(_ rows: SuiteRows) -> [String] {
    withoutTime(rows) + [cutShort(rows), fast(rows), withoutCounters(rows)].compactMap { $0 }
  }

  /// Names of cases are listed up to so many characters.
  private static let listed = 100
  /// More reasons than these are counted.
  private static let mostReasons = 6

  /// Distinct names, as many as fit, and how many more there are.
  static func names(_ all: [String]) -> String {
    let distinct = SuiteRows.distinct(all)
    var length = 0
    let fitting = distinct.prefix { name in
      length += name.count + 2
      return length <= listed
    }
    let shown = distinct.prefix(max(1, fitting.count))
    guard shown.count < distinct.count else { return Phrase.list(distinct) }
    return shown.joined(separator: ", ") + " and \(distinct.count - shown.count) more"
  }

  /// A reason that a program gave, without its end where it is long.
  static func cut(_ reason: String) -> String {
    reason.count > 120 ? reason.prefix(119) + "…" : reason
  }

  /// Where some contenders take longer than their baselines, and others do not.
  private static func slower(_ rows: SuiteRows) -> String? {
    let compared = rows.comparisons.filter {
      $0.speedup != nil && $0.baselineCase != $0.contenderCase
    }
    let slower = compared.filter { $0.verdict == "slower" }
    guard !slower.isEmpty, slower.count < compared.count else { return nil }
    return "slower than the baseline: "
      + names(slower.map { "\(Phrase.name($0.comparison)) (\(Phrase.factor($0.speedup)))" })
  }

  private static func inconclusive(_ rows: SuiteRows) -> String? {
    let open = rows.comparisons.filter { $0.status == "ok" && $0.verdict == "inconclusive" }
    guard !open.isEmpty else { return nil }
    return "undecided by their intervals: \(names(open.map { Phrase.name($0.comparison) }))"
  }

  private static func disturbed(_ rows: SuiteRows) -> String? {
    let lost = rows.measurements.filter { $0.status == RowStatus.disturbed.rawValue }
    guard !lost.isEmpty else { return nil }
    return "\(lost.count) of \(rows.measurements.count) measurements were disturbed by other work "
      + "(machine --check): \(names(lost.map { Phrase.name($0.caseName) })). Measure again when it is quiet"
  }

  /// A share of this much more than what the roofs allow is worth a word.
  private static let notable = 1.1

  /// Where both reached their roofs alike, the contender would realise the ratio of the two roofs
  /// (in arithmetic), and never more than its promise where its roof is not the higher one.
  private static func beyondRoofs(_ rows: SuiteRows) -> String? {
    let found = rows.comparisons.compactMap { row -> String? in
      // A library that is slower than its roof is what such a suite looks for.
      guard row.status == "ok", row.baselineCase != row.contenderCase,
        let realised = row.realised, realised > notable,
        let baseline = rows.baseline(of: row)?.rooflinePercent,
        let contender = rows.contender(of: row)?.rooflinePercent, baseline > 0, contender > 0
      else { return nil }
      let allowed = realised * baseline / contender
      guard realised > notable * allowed else { return nil }
      let shares = "\(Phrase.percent(realised)), \(Phrase.percent(allowed)) allowed"
      return "\(Phrase.name(row.comparison)) (\(shares))"
    }
    guard !found.isEmpty else { return nil }
    return "more is realised than both roofs allow, so the baseline is slow: \(names(found))"
  }

  /// Rows without a time, those of one reason together.
  private static func withoutTime(_ rows: SuiteRows) -> [String] {
    let lost = rows.measurements.filter {
      $0.status != "ok" && $0.status != RowStatus.disturbed.rawValue
    }
    let lines = Remarks.lines(
      lost.map {
        Remarks.Row(
          name: "\(Phrase.name($0.caseName)), \(Phrase.name($0.kernel))", status: $0.status,
          reason: cut($0.reason))
      })
    guard lines.count > mostReasons else { return lines }
    let more = lines.count - mostReasons + 1
    return lines.prefix(mostReasons - 1) + ["\(more) more reasons stand in measurements.csv"]
  }

  private static func cutShort(_ rows: SuiteRows) -> String? {
    let timed = rows.measurements.filter { $0.time != nil }
    let cut = timed.filter { $0.stoppedBy == "budget" || $0.stoppedBy == "interrupted" }
    guard !cut.isEmpty else { return nil }
    let which = cut.count == timed.count ? "all" : "\(cut.count) of \(timed.count)"
    return "\(which) measurements stopped at the budget, before the precision asked for"
  }

  private static func fast(_ rows: SuiteRows) -> String? {
    let fast = rows.measurements.filter { $0.accuracy == "fast" && $0.status == "ok" }
    guard !fast.isEmpty else { return nil }
    let worst = fast.compactMap(\.relativeRMSError).max()
    let kernels = names(fast.map { Phrase.name($0.kernel) })
    return "\(kernels) transform first instead of summing products"
      + (worst.map { String(format: "; their rms error is up to %.1e of the result", $0) } ?? "")
  }

  private static func withoutCounters(_ rows: SuiteRows) -> String? {
    guard rows.measurements.contains(where: { $0.time != nil }),
      !rows.measurements.contains(where: \.hasHardwareCounters)
    else { return nil }
    return "no hardware counter was read, so what bounds a case is inferred from times and roofs"
  }
}
