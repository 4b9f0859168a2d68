// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Statistics

/// The answer of a suite that sets kernels against each other on the same cases: ours against the
/// fastest rival of each class.
///
/// Rivals that sum products and those that transform first are compared separately: the second kind
/// buys its speed with accuracy, and its measured error stands beside it.
struct LibraryAnswer {
  private let rows: SuiteRows
  private let settings: [Setting]

  /// Of rows of every setting; tables are of the first.
  init(_ rows: SuiteRows) {
    self.rows = rows
    settings = rows.settings
  }

  /// The classes of rivals: the word of the column `accuracy`, and how sentences name them.
  private static let classes = [("exact", "sums products"), ("fast", "transforms first")]

  /// What to expect of the first setting, against rivals that sum products, too.
  var sentence: String {
    guard let setting = settings.first else { return "" }
    let sentences = Self.classes.compactMap { sentence(setting, $0.0, named: $0.1) }
    return sentences.first ?? ""
  }

  /// The same of other classes and settings, and where ours is best and worst.
  var paragraphs: [String] {
    let all = settings.flatMap { setting in
      Self.classes.compactMap { sentence(setting, $0.0, named: $0.1) }
    }
    return all.dropFirst() + [extremes].compactMap { $0 }
  }

  private func sentence(_ setting: Setting, _ accuracy: String, named kind: String) -> String? {
    let best = fastestRivals(setting, accuracy)
    guard !best.isEmpty else { return nil }
    let mean = geometricMean(of: best.compactMap(\.speedup))
    let counts = ["faster", "slower"].map { verdict in best.count { $0.verdict == verdict } }
    let workers = setting == settings.first ? "" : "With \(setting): a"
    return "\(workers.isEmpty ? "A" : workers)gainst the fastest rival that \(kind) ours is "
      + "\(Phrase.factor(mean)) as fast over \(best.count) cases: faster on \(counts[0]), slower on "
      + "\(counts[1]), undecided or equal on \(best.count - counts[0] - counts[1])."
  }

  /// Where ours is best and worst against what sums products, too.
  private var extremes: String? {
    guard let setting = settings.first else { return nil }
    let sorted = fastestRivals(setting, "exact").sorted { ($0.speedup ?? 0) < ($1.speedup ?? 0) }
    guard let worst = sorted.first, let best = sorted.last, sorted.count > 1 else { return nil }
    let place = { (row: ComparedRow) in
      "\(Phrase.name(row.contenderCase)), \(Phrase.factor(row.speedup, row.interval)) against "
        + row.baselineKernel
    }
    return "Ours is best on \(place(best)), and worst on \(place(worst))."
  }

  /// A table for each class of rivals.
  var exhibits: [Answer.Exhibit] {
    guard let setting = settings.first else { return [] }
    return Self.classes.compactMap { accuracy, kind in
      let best = fastestRivals(setting, accuracy)
      guard !best.isEmpty else { return nil }
      var table = TextTable(
        [
          ("problem", .left), ("fastest rival", .left), ("its time", .right),
          ("rms error", .right), ("our time", .right), ("% roof", .right),
          ("theirs / ours", .right), ("± %", .right), ("verdict", .left), ("ours", .left),
        ], expendable: ["ours", "rms error", "% roof", "its time", "our time", "± %"])
      for row in best { table.append(cells(row)) }
      return Answer.Exhibit(title: "The fastest rival that \(kind), \(setting)", table: table)
    }
  }

  private func cells(_ row: ComparedRow) -> [String] {
    let rival = rows.baseline(of: row), ours = rows.contender(of: row)
    let time = { (row: MeasuredRow?) in row?.time.map { Phrase.time($0) } ?? Phrase.none }
    return [
      row.contenderCase, row.baselineKernel, time(rival),
      rival?.relativeRMSError.map { String(format: "%.1e", $0) } ?? Phrase.none, time(ours),
      Phrase.percent(ours?.rooflinePercent.map { $0 / 100 }), Phrase.factor(row.speedup),
      Phrase.halfWidth(row.speedup, row.interval), ComparedTable.verdict(row),
      row.contenderKernel,
    ]
  }

  /// For each case, in order, the comparison with the fastest rival of a class.
  private func fastestRivals(_ setting: Setting, _ accuracy: String) -> [ComparedRow] {
    let fitting = rows.comparisons.filter {
      $0.setting == setting && $0.speedup != nil && rows.baseline(of: $0)?.accuracy == accuracy
    }
    return SuiteRows.distinct(fitting.map(\.contenderCase)).compactMap { name in
      fitting.filter { $0.contenderCase == name }
        .min { ($0.baselineTime ?? .infinity) < ($1.baselineTime ?? .infinity) }
    }
  }
}
