// SPDX-License-Identifier: Apache-2.0

internal import Statistics

/// What a reader should expect, in one sentence of at most `longest` characters.
struct Headline {
  /// A sentence that stands in a table of questions.
  static let longest = 200

  private let rows: SuiteRows

  init(_ rows: SuiteRows) { self.rows = rows }

  /// Of a suite that sets cases against each other: where the steps along its axis stop to pay, or
  /// what was measured against what was promised.
  var ofComparisons: String {
    let comparisons = rows.comparisons.enumerated().compactMap { place, row in
      row.speedup == nil ? nil : ComparisonAnswer.Numbered(row: row, place: place, repetition: 0)
    }
    let trends = Trend.all(comparisons, axes: rows.axes)
    let steps = trends.prefix(1).compactMap(Self.steps)
    let text = steps.first ?? spread
    return text.count <= Self.longest ? text : spread
  }

  /// Along the first axis: how far steps towards a larger promise pay, and what to expect there.
  private static func steps(_ trend: Trend) -> String? {
    let points = trend.rows
    guard let first = points.first, let last = points.last else { return nil }
    let promised: [Double?] = [first.promised, last.promised]
    guard let least = promised[0], let most = promised[1] else { return nil }
    let axis = trend.axis.replacing("_", with: " ")
    if most < least / 1.05 {
      return
        "Along \(axis) from \(value(first, trend)) to \(value(last, trend)) the gain goes from "
        + "\(Phrase.factor(first.speedup ?? .nan)) to \(Phrase.factor(last.speedup ?? .nan)), where "
        + "\(Phrase.factor(least)) to \(Phrase.factor(most)) are promised."
    }
    // Where hardly anything is promised there is nothing to pay off.
    guard most > 1.05 * least else { return nil }
    let gains = zip(points, points.dropFirst()).map { before, after in
      guard let left = before.interval, let right = after.interval else { return false }
      return right.lowerBound > left.upperBound
    }
    let stop = gains.firstIndex(of: false) ?? gains.count
    let end = points[stop]
    let place = "\(axis) \(value(end, trend))"
    let expected =
      "expect \(Phrase.factor(end.speedup ?? .nan))\(promise(end))"
    guard stop > 0 else {
      return "No step along \(axis) is shown to save time; at \(place) \(expected)."
    }
    return stop == gains.count
      ? "Every step along \(axis) saves time up to \(place): \(expected)."
      : "Steps along \(axis) save time up to \(place): \(expected); beyond that nothing more is shown."
  }

  private static func value(_ row: ComparedRow, _ trend: Trend) -> String {
    row.axes[trend.axis] ?? ""
  }

  private static func promise(_ row: ComparedRow) -> String {
    let promised: Double? = row.promised
    guard let promised, let speedup = row.speedup else { return "" }
    return promised > speedup
      ? ", not \(Phrase.factor(promised))" : ", where \(Phrase.factor(promised)) is promised"
  }

  /// The range of what was measured, and of what was promised.
  private var spread: String {
    let timed = rows.comparisons.filter { $0.speedup != nil }
    let speedups = timed.compactMap(\.speedup)
    let promised = timed.compactMap { (row: ComparedRow) -> Double? in row.promised }
    guard let least = speedups.min(), let most = speedups.max() else { return "" }
    let verdicts = ["faster", "slower", "same", "inconclusive"].compactMap { name -> String? in
      let count = timed.count { $0.verdict == name }
      return count == 0 ? nil : "\(count) \(name == "inconclusive" ? "undecided" : name)"
    }
    var text = "Measured are \(Self.range(least, most))"
    if let low = promised.min(), let high = promised.max(), high > 1.01 || low < 0.99 {
      text += " where \(Self.range(low, high)) \(low == high ? "is" : "are") promised"
    } else if !promised.isEmpty {
      text += " at equal arithmetic"
    }
    return text + ": \(verdicts.joined(separator: ", ")) of \(timed.count)."
  }

  private static func range(_ low: Double, _ high: Double) -> String {
    let ends = [Phrase.factor(low), Phrase.factor(high)]
    return ends[0] == ends[1] ? ends[0] : "\(ends[0]) to \(ends[1])"
  }

  /// Of a suite that sets kernels against each other: cases won and lost against the fastest rival
  /// that sums products, too.
  var ofLibraries: String {
    let exact = rows.comparisons.filter {
      $0.speedup != nil && rows.baseline(of: $0)?.accuracy == "exact"
    }
    let best = Dictionary(grouping: exact) { [$0.contenderCase, $0.setting.description] }
      .compactMap { _, rivals in
        rivals.min { ($0.baselineTime ?? .infinity) < ($1.baselineTime ?? .infinity) }
      }
    guard !best.isEmpty else { return "" }
    let mean = geometricMean(of: best.compactMap(\.speedup))
    return "Against the fastest exact rival of each case ours is \(Phrase.factor(mean)) as fast: "
      + "faster on \(best.count { $0.verdict == "faster" }), slower on "
      + "\(best.count { $0.verdict == "slower" }), undecided or equal on the rest of \(best.count)."
  }

  /// Of a network: how long its convolutions take, and which layers take half of it.
  func ofNetwork(_ layers: LayerTable) -> String {
    guard let total = layers.total else { return "" }
    let half = layers.count(reaching: 0.5)
    return "One after the other its convolutions take \(Phrase.time(total)); "
      + "\(half) of \(layers.different) different layers take half of that."
  }
}
