// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Measuring

/// What limits the trust in a suite's rows.
enum Caveats {
  /// The caveats that apply.
  static func of(_ rows: SuiteRows) -> [String] {
    [
      inconclusive(rows), disturbed(rows), beyondRoofs(rows), withoutTime(rows), cutShort(rows),
      fast(rows), withoutCounters(rows),
    ].compactMap { $0 }
  }

  /// Names of cases are listed up to this many.
  private static let listed = 6

  static func names(_ all: [String]) -> String {
    var distinct: [String] = []
    for name in all where !distinct.contains(name) { distinct.append(name) }
    guard distinct.count > listed else { return Phrase.list(distinct) }
    return distinct.prefix(listed).joined(separator: ", ")
      + " and \(distinct.count - listed) more"
  }

  private static func inconclusive(_ rows: SuiteRows) -> String? {
    let open = rows.comparisons.filter { $0.status == "ok" && $0.verdict == "inconclusive" }
    guard !open.isEmpty else { return nil }
    return "inconclusive, the intervals do not decide: \(names(open.map(\.comparison)))"
  }

  private static func disturbed(_ rows: SuiteRows) -> String? {
    let lost = rows.measurements.filter { $0.status == RowStatus.disturbed.rawValue }
    guard let first = lost.first else { return nil }
    return "\(lost.count) of \(rows.measurements.count) measurements are "
      + "\(first.reason); other work on these CPUs (see machine --check) spoiled them: "
      + names(lost.map(\.caseName)) + ". Measure again when it is quiet, or with more --budget"
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
      return "\(row.comparison) (\(Phrase.percent(realised)) realised, "
        + "\(Phrase.percent(allowed)) allowed; the baseline reaches \(Phrase.percent(baseline / 100)) "
        + "of its roof, the contender \(Phrase.percent(contender / 100)))"
    }
    guard !found.isEmpty else { return nil }
    return "realised more than both roofs allow, so the baseline is slower than it need be, or was "
      + "disturbed unseen: \(names(found))"
  }

  private static func withoutTime(_ rows: SuiteRows) -> String? {
    let lost = rows.measurements.filter {
      $0.status != "ok" && $0.status != RowStatus.disturbed.rawValue
    }
    guard !lost.isEmpty else { return nil }
    let kinds = Dictionary(grouping: lost, by: \.status).sorted { $0.key < $1.key }
    return kinds.map { status, rows in
      "\(rows.count) \(rows.count == 1 ? "row is" : "rows are") \(status): "
        + names(rows.map { "\($0.caseName) (\($0.kernel))" })
    }.joined(separator: "; ")
  }

  private static func cutShort(_ rows: SuiteRows) -> String? {
    let timed = rows.measurements.filter { $0.time != nil }
    let cut = timed.filter { $0.stoppedBy == "budget" || $0.stoppedBy == "interrupted" }
    guard !cut.isEmpty else { return nil }
    return
      "\(cut.count) of \(timed.count) measurements stopped at the budget, before the precision "
      + "asked for; their intervals are wider"
  }

  private static func fast(_ rows: SuiteRows) -> String? {
    let fast = rows.measurements.filter { $0.accuracy == "fast" && $0.status == "ok" }
    guard !fast.isEmpty else { return nil }
    let worst = fast.compactMap(\.relativeRMSError).max()
    return "\(names(fast.map(\.kernel))) transform first instead of summing products"
      + (worst.map { String(format: "; their rms error is up to %.1e of the result", $0) } ?? "")
  }

  private static func withoutCounters(_ rows: SuiteRows) -> String? {
    guard rows.measurements.contains(where: { $0.time != nil }),
      !rows.measurements.contains(where: \.hasHardwareCounters)
    else { return nil }
    return "no hardware counter was read in this run, so what bounds a case is inferred from "
      + "times and roofs alone"
  }
}
