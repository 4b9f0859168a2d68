// SPDX-License-Identifier: Apache-2.0

/// The answer of a suite that sets cases against each other, in the kernels of one runtime or ours.
struct ComparisonAnswer {
  private let rows: SuiteRows
  private let roofs: Roofs
  /// Comparisons that differ in one axis only.
  let trends: [Trend]

  init(_ rows: SuiteRows, roofs: Roofs) {
    self.rows = rows
    self.roofs = roofs
    trends = Trend.all(Self.numbered(rows), axes: rows.axes)
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
    return rows.comparisons.enumerated().compactMap { place, row in
      let key = [row.comparison, row.setting.description]
      defer { seen[key, default: 0] += 1 }
      guard row.speedup != nil else { return nil }
      return Numbered(row: row, place: place, repetition: seen[key, default: 0])
    }
  }

  /// What to expect; says of whom where it is not ours.
  func headline(of runtime: String? = nil) -> String {
    let sentence = Headline(rows, trends: trends, runtime: runtime).sentence
    guard sentence.isEmpty, let runtime else { return sentence }
    let reasons = SuiteRows.distinct(rows.measurements.map(\.reason)).filter { !$0.isEmpty }
    return "\(runtime) answers nothing: \(Caveats.cut(reasons.first ?? "nothing was timed"))."
  }

  /// Why, in at most two sentences: what holds the contender back, and where its kernel changes.
  var reasons: [String] {
    [bound, trends.compactMap(\.kernels).first].compactMap { $0 }
  }

  /// What bounds the last point of the first trend, or the contender that keeps least of its promise.
  private var bound: String? {
    if let trend = trends.first, let last = trend.rows.last {
      let reason = rows.contender(of: last).flatMap(roofs.reason)
      return reason.map { "At \(trend.name(of: last)) the contender \($0)." }
    }
    let least = rows.comparisons.filter { $0.realised != nil }
      .min { ($0.realised ?? .infinity) < ($1.realised ?? .infinity) }
    guard let least, let reason = rows.contender(of: least).flatMap(roofs.reason) else {
      return nil
    }
    let share = least.realised ?? 1
    return share > 0.95
      ? "Every promise is kept; the contender of \(Phrase.name(least.comparison)) \(reason)."
      : "\(Phrase.name(least.comparison)) keeps least of its promise (\(Phrase.percent(share))): its "
        + "contender \(reason)."
  }
}
