// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Foundation
public import Measuring
internal import Planning
internal import Statistics
internal import Suites

/// How our best variant stands against the best library of each problem.
///
/// Libraries that sum products and those that transform first are compared separately: the second
/// kind buys its speed with accuracy, and its measured error stands beside it.
public struct LibraryReport: Sendable {
  private let limits: MachineLimits
  private let rows: [Row]
  private let intervalName: String

  /// A problem with the best library of a class.
  private struct Row: Sendable {
    var accuracy: AccuracyClass
    var library: CaseResult
    var ours: CaseResult
    /// Library's time over ours: above 1 we are faster.
    var speedup: RatioEstimate
    var verdict: Verdict
  }

  /// A report of groups whose pairs set libraries (baselines) against ours (contenders).
  public init(_ groups: [GroupResult], limits: MachineLimits) {
    self.limits = limits
    intervalName = IntervalName.column(groups)
    rows = groups.flatMap { group in
      [AccuracyClass.exact, .fast].compactMap { Self.best(of: $0, in: group) }
    }
  }

  /// The class's fastest library in a group, against ours; nil where there is none.
  private static func best(of accuracy: AccuracyClass, in group: GroupResult) -> Row? {
    let rivals = group.pairs.filter {
      $0.speedup != nil && group.cases[$0.pair.baseline].accuracy == accuracy
    }
    let fastest = rivals.min { left, right in
      time(left, group) < time(right, group)
    }
    guard let fastest, let speedup = fastest.speedup else { return nil }
    return Row(
      accuracy: accuracy, library: group.cases[fastest.pair.baseline],
      ours: group.cases[fastest.pair.contender], speedup: speedup, verdict: fastest.verdict)
  }

  private static func time(_ pair: PairResult, _ group: GroupResult) -> Double {
    group.cases[pair.pair.baseline].time?.median ?? .infinity
  }

  /// Both classes: a table and its summary each, in lines of at most `width`; a class without a
  /// library is left out.
  public func lines(width: Int? = nil) -> [String] {
    lines(.exact, title: "libraries that sum products", width)
      + lines(
        .fast, title: "libraries that transform first (Winograd), with their rms error", width)
  }

  private func lines(_ accuracy: AccuracyClass, title: String, _ width: Int?) -> [String] {
    let rows = rows.filter { $0.accuracy == accuracy }
    guard !rows.isEmpty else { return [] }
    var table = TextTable(
      [
        ("problem", .left), ("workers", .right), ("best library", .left), ("its time", .right),
        ("rms error", .right), ("ours", .left), ("our time", .right), ("% peak", .right),
        ("theirs / ours", .right), (intervalName, .left), ("verdict", .left),
      ],
      expendable: [
        "rms error", "ours", "% peak", "workers", intervalName, "its time", "our time",
      ])
    for row in rows { table.append(cells(row)) }
    return ["", "  \(title)"] + table.lines(width: width)
      + TextLines.wrapped(summary(rows), width: width ?? .max, first: "  ", rest: "  ")
  }

  private func cells(_ row: Row) -> [String] {
    let place = MeasurementTable(counters: [], limits: limits).place(row.ours)
    let interval = zip2(row.speedup.lower, row.speedup.upper).map {
      String(format: "%.2f … %.2f", $0, $1)
    }
    return [
      row.ours.entry.suiteCase.name, String(row.ours.entry.workers),
      row.library.entry.contender.kernel, ConsoleReport.duration(row.library.time?.median),
      row.library.relativeRMSError.map { String(format: "%.1e", $0) } ?? "—",
      row.ours.entry.contender.kernel, ConsoleReport.duration(row.ours.time?.median),
      place?.peakShare.map { String(format: "%.0f %%", $0.percent) } ?? "—",
      String(format: "%.2f", row.speedup.ratio), interval ?? "—", row.verdict.rawValue,
    ]
  }

  private func summary(_ rows: [Row]) -> String {
    let mean = geometricMean(of: rows.map(\.speedup.ratio))
    let faster = rows.count { $0.verdict == .faster }
    let slower = rows.count { $0.verdict == .slower }
    let worst = rows.min { $0.speedup.ratio < $1.speedup.ratio }
    return String(format: "geometric mean of theirs / ours %.3f", mean)
      + " over \(rows.count) problems; faster on \(faster), slower on \(slower), "
      + "undecided or equal on \(rows.count - faster - slower); worst "
      + (worst.map {
        "\($0.ours.entry.suiteCase.name) " + String(format: "%.2f", $0.speedup.ratio)
      } ?? "—")
  }

  private func zip2(_ left: Double?, _ right: Double?) -> (Double, Double)? {
    guard let left, let right else { return nil }
    return (left, right)
  }
}
