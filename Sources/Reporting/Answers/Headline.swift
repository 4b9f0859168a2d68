// SPDX-License-Identifier: Apache-2.0

internal import Suites

/// What a reader should expect of comparisons, in one sentence of at most `longest` characters.
struct Headline {
  /// A sentence that stands in a table of questions.
  static let longest = AnswerTemplate.longest

  private let rows: SuiteRows
  private let trends: [Trend]
  /// The suite's own sentence; nil where it has none.
  private let template: AnswerTemplate?
  /// In whose kernels; empty for ours.
  private let place: String

  /// Of the comparisons `rows`, which `trends` order; `runtime` computed them where it is given.
  init(
    _ rows: SuiteRows, trends: [Trend], template: AnswerTemplate? = nil, runtime: String? = nil
  ) {
    self.rows = rows
    self.trends = trends
    self.template = template
    place = runtime.map { "In \($0) " } ?? ""
  }

  /// What the suite says itself, else where the steps along the axis stop to pay, or what was measured
  /// against what was promised.
  var sentence: String {
    let own = template.flatMap { FilledSentence(rows.comparisons).text($0) }
    let candidates = [own, trends.first.flatMap { steps($0) }, each, spread]
    let text = candidates.compactMap { $0 }.first { place.count + $0.count <= Self.longest } ?? ""
    guard !text.isEmpty else { return "" }
    return place.isEmpty ? text : place + text.prefix(1).lowercased() + text.dropFirst()
  }

  /// Along the first axis: how far steps towards a larger promise pay, and what to expect there.
  private func steps(_ trend: Trend) -> String? {
    guard let first = trend.rows.first, let last = trend.rows.last else { return nil }
    let label = trends.count > 1 && !trend.label.isEmpty ? " (\(trend.label))" : ""
    let ends =
      "Along \(trend.words)\(label) from \(trend.value(of: first)) to \(trend.value(of: last)) the "
      + "gain goes from \(Phrase.factor(first.speedup)) to \(Phrase.factor(last.speedup)), where "
      + "\(Phrase.factor(first.promised)) to \(Phrase.factor(last.promised)) are promised"
    if trend.growth < 1 { return "\(ends)." }
    guard let turn = trend.turn else { return nil }
    if turn == 0, trend.steps.contains(.gain) { return "\(ends); not every step is shown to pay." }
    let end = trend.rows[turn]
    let expected = "expect \(Phrase.factor(end.speedup))\(promise(end))"
    guard turn > 0 else {
      return "Along \(trend.words)\(label) \(trend.value(of: end)) is as far as time is saved: "
        + "\(expected)\(beyond(trend, turn))."
    }
    return "Each step along \(trend.words)\(label) saves time up to \(trend.value(of: end)): "
      + "\(expected)\(beyond(trend, turn))."
  }

  /// What the step behind the turn does.
  private func beyond(_ trend: Trend, _ turn: Int) -> String {
    guard trend.steps.indices.contains(turn) else { return "" }
    let next = trend.rows[turn + 1], value = trend.value(of: next)
    if trend.steps[turn] == .loss {
      return "; \(value) is slower again, \(Phrase.factor(next.speedup))"
    }
    return trend.steps[turn...].contains(.gain)
      ? "; the step to \(value) shows no gain, a later one does" : "; beyond that no gain is shown"
  }

  private func promise(_ row: ComparedRow) -> String {
    guard let promised = row.promised, let speedup = row.speedup else { return "" }
    return promised > speedup
      ? ", not \(Phrase.factor(promised))" : ", where \(Phrase.factor(promised)) is promised"
  }

  private var timed: [ComparedRow] { rows.comparisons.filter { $0.speedup != nil } }

  /// A few comparisons one by one.
  private var each: String? {
    let timed = timed
    guard !timed.isEmpty, timed.count <= 4, timed.allSatisfy({ !$0.comparison.isEmpty }) else {
      return nil
    }
    var isSaid = false
    let parts = timed.map { row in
      var text = Phrase.factor(row.speedup)
      if let promised = row.promised, abs(promised - 1) > 0.01 {
        text += " of \(Phrase.factor(promised))\(isSaid ? "" : " promised")"
        isSaid = true
      }
      return "\(text) for \(row.comparison)"
    }
    return "Expect \(Phrase.list(parts))."
  }

  /// The range of what was measured, and of what was promised.
  private var spread: String? {
    let timed = timed
    let speedups = timed.compactMap(\.speedup)
    let promised = timed.compactMap { (row: ComparedRow) -> Double? in row.promised }
    guard let least = speedups.min(), let most = speedups.max() else { return nil }
    let verdicts = ["faster", "slower", "same", "inconclusive"].compactMap { name -> String? in
      let count = timed.count { $0.verdict == name }
      return count == 0 ? nil : "\(count) \(name == "inconclusive" ? "undecided" : name)"
    }
    var text = "Measured are \(Phrase.range(least, most, Phrase.factor))"
    if let low = promised.min(), let high = promised.max(), high > 1.01 || low < 0.99 {
      let range = Phrase.range(low, high, Phrase.factor)
      text += " where \(range) \(low == high ? "is" : "are") promised"
    } else if !promised.isEmpty {
      text += " at equal arithmetic"
    }
    return text + ": \(verdicts.joined(separator: ", ")) of \(timed.count)."
  }
}
