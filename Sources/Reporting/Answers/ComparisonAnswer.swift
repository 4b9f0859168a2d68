// SPDX-License-Identifier: Apache-2.0

/// The answer of a suite that sets cases against each other.
struct ComparisonAnswer {
  private let rows: SuiteRows
  private let roofs: Roofs

  init(_ rows: SuiteRows, roofs: Roofs) {
    self.rows = rows
    self.roofs = roofs
  }

  /// A paragraph per trend; where no axis has one, a paragraph per contender.
  var paragraphs: [String] {
    let comparisons = numbered()
    let trends = Trend.all(comparisons, axes: rows.axes)
    let inTrends = Set(trends.flatMap { $0.places })
    let others = comparisons.filter { !inTrends.contains($0.place) }
    return trends.map(paragraph) + groups(of: others).map(paragraph) + undecided
  }

  /// A comparison with its place among the rows, and how often the same one came before, with
  /// other kernels.
  struct Numbered {
    var row: ComparedRow
    var place: Int
    var repetition: Int
  }

  private func numbered() -> [Numbered] {
    var seen: [[String]: Int] = [:]
    return rows.comparisons.enumerated().compactMap { place, row in
      let key = [row.comparison, row.setting.description]
      defer { seen[key, default: 0] += 1 }
      guard row.speedup != nil else { return nil }
      return Numbered(row: row, place: place, repetition: seen[key, default: 0])
    }
  }

  private var hasRepetitions: Bool {
    var seen: Set<[String]> = []
    return rows.comparisons.contains {
      !seen.insert([$0.comparison, $0.setting.description]).inserted
    }
  }

  /// Comparisons of which nothing is said: no time, no speedup, no share.
  private var undecided: [String] {
    let disturbed = rows.comparisons.filter(\.isDisturbed)
    guard !disturbed.isEmpty else { return [] }
    let names = disturbed.map { "\($0.comparison) (\($0.setting))" }
    return [
      "Undecided (disturbed), because too few of their rounds were calm: \(Phrase.list(names))."
    ]
  }

  private func paragraph(_ trend: Trend) -> String {
    let label = [trend.label, hasRepetitions ? trend.rows.last?.contenderKernel : nil]
      .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")
    let head = label.isEmpty ? "" : "\(label), "
    var text = "\(head)\(trend.rows[0].setting): \(trend.sentences)"
    if let last = trend.rows.last, let reason = rows.contender(of: last).flatMap(roofs.reason) {
      text += " At \(trend.name(of: last)) the contender \(reason)."
    }
    return text
  }

  /// Comparisons of one contender under one setting, in order.
  private func groups(of comparisons: [Numbered]) -> [[ComparedRow]] {
    var keys: [[String]] = []
    var groups: [[String]: [ComparedRow]] = [:]
    for item in comparisons {
      let key = [
        item.row.base, item.row.setting.description, String(item.repetition),
      ]
      if groups[key] == nil { keys.append(key) }
      groups[key, default: []].append(item.row)
    }
    return keys.compactMap { groups[$0] }
  }

  private func paragraph(_ group: [ComparedRow]) -> String {
    let isNamed = group.count > Self.spelledOut && !group[0].base.isEmpty
    let label = [isNamed ? group[0].base : nil, hasRepetitions ? group[0].contenderKernel : nil]
      .compactMap { $0 }.joined(separator: ", ")
    let head = (label.isEmpty ? "" : "\(label), ") + "\(group[0].setting): "
    guard group.count > Self.spelledOut else {
      return head + group.map(sentence).joined(separator: " ")
    }
    return head + summary(group)
  }

  /// Up to so many comparisons have a sentence each.
  private static let spelledOut = 4

  private func sentence(_ row: ComparedRow) -> String {
    let promise = row.promised.map { "promised \(Phrase.factor($0))" } ?? "nothing promised"
    var text =
      "\(row.comparison): \(promise), measured "
      + Phrase.factor(row.speedup, row.interval)
    if let realised = row.realised { text += ", \(Phrase.percent(realised)) realised" }
    text += row.verdict == "inconclusive" ? ", which decides nothing" : " (\(row.verdict))"
    if let reason = rows.contender(of: row).flatMap(roofs.reason) {
      text += "; the contender \(reason)"
    }
    return text + "."
  }

  private func summary(_ group: [ComparedRow]) -> String {
    let promised = group.compactMap(\.promised)
    let sorted = group.sorted { ($0.speedup ?? 0) < ($1.speedup ?? 0) }
    guard let least = sorted.first, let most = sorted.last else { return "" }
    let verdicts = ["faster", "slower", "same", "inconclusive"].compactMap { verdict -> String? in
      let count = group.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(verdict) in \(count)"
    }
    let realised = group.compactMap(\.realised)
    let promise =
      promised.isEmpty
      ? "nothing is promised, "
      : "promised \(Phrase.factor(promised.min())) to \(Phrase.factor(promised.max())), "
    var text =
      promise + "measured from \(Phrase.factor(least.speedup, least.interval)) "
      + "(\(least.comparison)) to \(Phrase.factor(most.speedup, most.interval)) "
      + "(\(most.comparison)); \(Phrase.list(verdicts)) of \(group.count)."
    if !realised.isEmpty {
      text +=
        " Realised are \(Phrase.percent(realised.min())) to "
        + "\(Phrase.percent(realised.max())) of the promise."
    }
    let worst = group.filter { $0.realised != nil }.min {
      ($0.realised ?? .infinity) < ($1.realised ?? .infinity)
    }
    if let worst, let reason = rows.contender(of: worst).flatMap(roofs.reason) {
      text += " Where least is realised (\(worst.comparison)) the contender \(reason)."
    }
    return text
  }
}
