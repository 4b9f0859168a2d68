// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Suites

/// What became here of a rule that a paper published.
enum RuleVerdict: String, CaseIterable {
  /// The same way, and by a fair part of what was published.
  case holds
  /// Neither way by a fair part of what was published.
  case doesNotHold = "does not hold"
  /// The other way, by a fair part of what was published.
  case reversed = "reversed here"
  /// The interval is too wide to say.
  case undecided
}

/// A suite's comparisons beside what papers measured of them.
struct PublishedRule {
  /// The tables of figures, the first to judge by first.
  let figures: [PublishedFigures]

  init(_ figures: [PublishedFigures] = []) {
    self.figures = figures.filter { !$0.speedups.isEmpty }
  }

  init(_ suite: Suite) { self.init(suite.published) }

  /// The part of a published change, as a logarithm, that has to be seen for a rule to hold.
  static let fairPart = 0.2
  /// What a paper's *faster* counts as where it gives no number, so that 1 % has to be seen.
  static let wordedChange = 1.05
  /// A published change below this is none that a rule could be made of.
  static let leastChange = 1.02

  /// What the column of a table of figures is called.
  func title(_ place: Int) -> String {
    place == 0 ? "published" : "published, \(figures[place].hardware)"
  }

  /// What `figures[place]` says of a comparison.
  func cell(_ place: Int, _ row: ComparedRow) -> String {
    switch figures[place].speedups[row.comparison] {
    case .factor(let factor): Phrase.factor(factor)
    case .direction(let direction): direction.rawValue
    case nil: Phrase.none
    }
  }

  /// The first figure of a comparison, and what it is compared with.
  private func published(
    _ row: ComparedRow
  ) -> (factor: Double, reference: Double, figures: PublishedFigures)? {
    guard let found = figures.first(where: { $0.speedups[row.comparison] != nil }),
      let speedup = found.speedups[row.comparison]
    else { return nil }
    let reference = found.reference == .macs ? row.promised ?? 1 : 1
    switch speedup {
    case .factor(let factor): return (factor, reference, found)
    case .direction(.faster): return (reference * Self.wordedChange, reference, found)
    case .direction(.slower): return (reference / Self.wordedChange, reference, found)
    }
  }

  /// What became of the rule at a comparison; nil where the paper says nothing, or saw no change.
  func verdict(_ row: ComparedRow) -> RuleVerdict? {
    guard let published = published(row) else { return nil }
    let change = log(published.factor / published.reference)
    guard abs(change) >= log(Self.leastChange) else { return nil }
    guard row.status == "ok", let interval = row.interval, interval.lowerBound > 0 else {
      return .undecided
    }
    let parts = [interval.lowerBound, interval.upperBound]
      .map { log($0 / published.reference) / change }.sorted()
    if parts[0] >= Self.fairPart { return .holds }
    if parts[1] <= -Self.fairPart { return .reversed }
    return parts[1] < Self.fairPart ? .doesNotHold : .undecided
  }
}

extension PublishedRule {
  /// Whether the rule holds, and where it was published to matter most.
  func sentence(_ rows: [ComparedRow]) -> String {
    let judged = rows.compactMap { row in verdict(row).map { (row: row, verdict: $0) } }
    let known = judged.filter { $0.row.speedup != nil && $0.row.status == "ok" }
    guard
      let strongest = (known.isEmpty ? judged : known)
        .max(by: { change($0.row) < change($1.row) })?.row,
      let published = published(strongest)
    else { return "" }
    let place = figures.firstIndex { $0.speedups[strongest.comparison] != nil } ?? 0
    return "\(Self.overall(judged.map(\.verdict))): \(Phrase.name(strongest.comparison)) gives "
      + "\(Phrase.factor(strongest.speedup)), published \(cell(place, strongest)) "
      + "(\(published.figures.hardware)); \(Self.counts(judged.map(\.verdict)))."
  }

  private func change(_ row: ComparedRow) -> Double {
    published(row).map { abs(log($0.factor / $0.reference)) } ?? 0
  }

  private static func overall(_ verdicts: [RuleVerdict]) -> String {
    if verdicts.allSatisfy({ $0 == .holds }) { return "The rule holds here" }
    if verdicts.allSatisfy({ $0 == .reversed }) { return "The rule is reversed here" }
    if verdicts.contains(.holds) { return "The rule holds here in part" }
    return verdicts.contains(.undecided)
      ? "The rule is not decided here" : "The rule does not hold here"
  }

  private static func counts(_ verdicts: [RuleVerdict]) -> String {
    let parts = RuleVerdict.allCases.compactMap { verdict -> String? in
      let count = verdicts.count { $0 == verdict }
      return count == 0 ? nil : "\(verdict.rawValue) at \(count)"
    }
    return "\(Phrase.list(parts)) of \(verdicts.count)"
  }

  /// Where the figures are from, as the title of a table ends.
  var sources: String {
    Phrase.list(figures.map { "\($0.hardware) (\($0.source))" })
  }
}
