// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Statistics
internal import Suites

/// The answer of a suite that asks which cost explains the time of its cases.
struct CostFitAnswer {
  private let costs: [CostKind]
  private let figures: [PublishedFigures]
  /// The costs of each case that was timed, in the order of `costs`.
  private let rows: [[Double]]
  /// Its time, in nanoseconds.
  private let times: [Double]

  /// Fewer cases say nothing about a share of variance.
  private static let fewest = 8
  private static let resamples = 1000
  private static let seed: UInt64 = 1

  /// Of the fewest workers, each case by its first kernel.
  init(_ suite: Suite, _ measured: SuiteRows) {
    costs = suite.explains
    figures = suite.published.filter { !$0.explained.isEmpty }
    var rows: [[Double]] = [], times: [Double] = []
    for suiteCase in suite.cases {
      let row = measured.measurements.first { $0.caseName == suiteCase.name && $0.time != nil }
      guard let time = row?.time else { continue }
      rows.append(suite.explains.map { $0.value(of: suiteCase) })
      times.append(time)
    }
    self.rows = rows
    self.times = times
  }

  private func share(_ places: [Int], of cases: [Int]) -> Double {
    let predictors = cases.map { row in places.map { rows[row][$0] } }
    return LeastSquares(predictors, cases.map { times[$0] })?.rSquared ?? 0
  }

  /// Shares of each cost, and of all together, over all cases and over each resample.
  private func shares(_ cases: [Int]) -> [Double] {
    costs.indices.map { share([$0], of: cases) } + [share(Array(costs.indices), of: cases)]
  }

  /// Draws cases with replacement, as often as there are.
  private func drawn() -> [[Double]] {
    var generator = SplitMix64(seed: Self.seed)
    return (0..<Self.resamples).map { _ in
      shares(times.indices.map { _ in generator.index(below: times.count) })
    }
  }

  private static func interval(_ values: [Double]) -> ClosedRange<Double> {
    let lower = quantile(0.025, of: values)
    return lower...max(lower, quantile(0.975, of: values))
  }

  /// The sentence and the table; nil where too few cases were timed.
  var found: (sentence: String, exhibit: Answer.Exhibit)? {
    guard times.count >= Self.fewest, costs.count > 1 else { return nil }
    let whole = shares(Array(times.indices)), drawn = drawn()
    let intervals = whole.indices.map { place in Self.interval(drawn.map { $0[place] }) }
    // The strongest of the others is the one that the first has to beat.
    let rival = costs.indices.dropFirst().max { whole[$0] < whole[$1] } ?? 1
    let lead = Self.interval(drawn.map { $0[0] - $0[rival] })
    return (sentence(whole, rival, lead), exhibit(whole, intervals))
  }

  private func sentence(_ whole: [Double], _ rival: Int, _ lead: ClosedRange<Double>) -> String {
    let verdict =
      lead.lowerBound > 0
      ? "The rule holds here"
      : lead.upperBound < 0
        ? "The rule is reversed here" : "The rule does not hold here: neither is shown to be better"
    let points = { (value: Double) in String(format: "%+.2f", value) }
    return "\(verdict): over \(times.count) designs \(costs[0].words) explain "
      + "\(Phrase.percent(whole[0])) of the variance of time and \(costs[rival].words) "
      + "\(Phrase.percent(whole[rival])) (difference \(points(lead.lowerBound))…"
      + "\(points(lead.upperBound))), together \(Phrase.percent(whole[costs.count]))."
  }

  private func exhibit(_ whole: [Double], _ intervals: [ClosedRange<Double>]) -> Answer.Exhibit {
    let titles = figures.indices.map {
      $0 == 0 ? "published" : "published, \(figures[$0].hardware)"
    }
    var table = TextTable(
      [("cost", .left), ("r²", .right), ("interval", .right), ("typical error", .right)]
        + titles.map { ($0, .right) })
    let digits = { (value: Double) in String(format: "%.3f", value) }
    for place in whole.indices {
      let isAll = place == costs.count
      table.append(
        [
          isAll ? "all together" : costs[place].words, digits(whole[place]),
          "\(digits(intervals[place].lowerBound))…\(digits(intervals[place].upperBound))",
          Phrase.percent(typicalError(isAll ? Array(costs.indices) : [place])),
        ]
          + figures.map { figure in
            isAll ? Phrase.none : figure.explained[costs[place]].map(digits) ?? Phrase.none
          })
    }
    let sources = figures.map { "\($0.hardware) (\($0.source))" }
    let note = sources.isEmpty ? "" : "; published for \(Phrase.list(sources))"
    return Answer.Exhibit(
      title: "Share of the variance of time that a cost explains in a straight line, with the 95 % "
        + "interval over the designs (bootstrap), and the median error of that line\(note)",
      table: table)
  }

  private func typicalError(_ places: [Int]) -> Double? {
    let predictors = rows.map { row in places.map { row[$0] } }
    guard let fit = LeastSquares(predictors, times) else { return nil }
    return median(of: zip(predictors, times).map { abs(fit.value($0) / $1 - 1) })
  }
}
