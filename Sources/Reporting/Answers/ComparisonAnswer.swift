// SPDX-License-Identifier: Apache-2.0

internal import Suites

/// The answer of a suite that sets cases against each other, in the kernels of one runtime or ours.
struct ComparisonAnswer {
  private let rows: SuiteRows
  private let roofs: Roofs
  private let template: AnswerTemplate?
  /// Timed comparisons that differ in one axis only.
  let trends: [Trend]
  /// The same with those that were not timed, as they are read together.
  let series: [Trend]

  /// From `rows`; `template` is the suite's own sentence where it has one.
  init(_ rows: SuiteRows, roofs: Roofs, template: AnswerTemplate? = nil) {
    self.rows = rows
    self.roofs = roofs
    self.template = template
    let all = Self.numbered(rows)
    series = Trend.all(all, axes: rows.axes)
    trends = Trend.all(all.filter { $0.row.speedup != nil }, axes: rows.axes)
  }

  /// A comparison with its place among the rows, and how often the same one came before, with
  /// other kernels.
  struct Numbered {
    var row: ComparedRow
    var place: Int
    var repetition: Int
  }

  private static func numbered(_ rows: SuiteRows) -> [Numbered] {
    var seen: [[String]: Int] = [:]
    return rows.comparisons.enumerated().map { place, row in
      let key = [row.comparison, row.setting.description]
      defer { seen[key, default: 0] += 1 }
      return Numbered(row: row, place: place, repetition: seen[key, default: 0])
    }
  }

  /// From this share on a promise is called kept.
  private static let kept = 0.95

  /// What to expect; says of whom where it is not ours.
  func headline(of runtime: String? = nil) -> String {
    let sentence = Headline(rows, trends: trends, template: template, runtime: runtime).sentence
    guard sentence.isEmpty, let runtime else { return sentence }
    let reasons = SuiteRows.distinct(rows.measurements.map(\.reason)).filter { !$0.isEmpty }
    return "\(runtime) answers nothing: \(Caveats.cut(reasons.first ?? "nothing was timed"))."
  }

  /// Why, in at most two sentences: what holds back the contender that keeps least of its promise, and
  /// where its kernel changes.
  var reasons: [String] {
    [bound, trends.compactMap(\.kernels).first].compactMap { $0 }
  }

  private var bound: String? {
    let least = rows.comparisons.filter { $0.realised != nil }
      .min { ($0.realised ?? .infinity) < ($1.realised ?? .infinity) }
    guard let least, let reason = rows.contender(of: least).flatMap(roofs.reason) else {
      return nil
    }
    let share = Phrase.percent(least.realised)
    let isKept = least.realised ?? 1 > Self.kept
    let text = { (name: String) in
      isKept
        ? "All keep at least \(share) of their promise; \(name) \(reason)."
        : "\(name) keeps least of its promise, \(share): it \(reason)."
    }
    let whole = text(least.comparison)
    return whole.count <= Headline.longest ? whole : text(Phrase.name(least.comparison))
  }
}
