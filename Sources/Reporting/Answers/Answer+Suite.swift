// SPDX-License-Identifier: Apache-2.0

public import Foundation
public import Measuring
public import Suites

extension Answer {
  /// The answer of a suite from the rows in the folder of a run.
  /// - Throws: `ReportingError.cannotRead`.
  public init(
    _ suite: Suite, run folder: URL, limits: MachineLimits
  ) throws(ReportingError) {
    let rows = try SuiteRows(folder: folder.appending(path: suite.name))
    self.init(suite, rows: rows, limits: limits)
  }

  init(_ suite: Suite, rows: SuiteRows, limits: MachineLimits) {
    self.init(
      suite: suite.name, question: suite.question.isEmpty ? suite.title : suite.question)
    let isNetwork =
      suite.comparisons.isEmpty && suite.contenderKernels == nil && suite.explains.isEmpty
    let own = rows.of(rows.main)
    takeKind(suite, rows, own, limits)
    let blocks = isNetwork ? Set(suite.cases.filter(\.isBlock).map(\.name)) : []
    let scaling = ScalingAnswer(own, isNetwork: isNetwork, blocks: blocks)
    paragraphs = scaling.sentences + paragraphs
    if sentence.isEmpty, paragraphs.isEmpty {
      paragraphs = ["Nothing was measured that would answer it."]
    }
    open = Caveats.open(own.with(workers: rows.workers.first)) + scaling.turned
    caveats += Caveats.of(rows)
  }

  /// Takes what answers a suite of its kind.
  private mutating func takeKind(
    _ suite: Suite, _ rows: SuiteRows, _ own: SuiteRows, _ limits: MachineLimits
  ) {
    if suite.isWholeNetwork || !rows.layers.isEmpty {
      let whole = WholeAnswer(rows)
      (sentence, asked) = (whole.sentence, whole.runtimeSentences)
      (exhibits, paragraphs) = (whole.exhibits, whole.paragraphs)
    } else if suite.contenderKernels != nil {
      take(LibraryAnswer(rows))
    } else if !suite.explains.isEmpty {
      take(CostFitAnswer(suite, own.with(workers: rows.workers.first)))
    } else if suite.comparisons.isEmpty {
      takeNetwork(suite, rows)
    } else {
      takeComparisons(suite, rows, Roofs(limits))
    }
  }

  private mutating func take(_ libraries: LibraryAnswer) {
    sentence = libraries.sentence
    exhibits = libraries.exhibits
    paragraphs = libraries.paragraphs
  }

  private mutating func take(_ fit: CostFitAnswer) {
    guard let found = fit.found else { return }
    sentence = found.sentence
    exhibits = [found.exhibit]
  }

  private mutating func takeNetwork(_ suite: Suite, _ rows: SuiteRows) {
    let names = Set(suite.cases.filter(\.isBlock).map(\.name))
    let few = rows.with(workers: rows.workers.first)
    let blocks = NetworkBlocks(suite, few)
    let network = NetworkAnswer(few, blocks: names)
    let layers = LayerTable(rows, blocks: names)
    sentence = network.sentence
    asked = layers.runtimeSentences
    exhibits = [layers.exhibit, network.exhibit].compactMap { $0 } + blocks.exhibits
    paragraphs = network.paragraphs + blocks.paragraphs
    caveats = network.remarks
  }

  private mutating func takeComparisons(_ suite: Suite, _ rows: SuiteRows, _ roofs: Roofs) {
    let few = rows.with(workers: rows.workers.first)
    let own = few.of(rows.main)
    if let precision = PrecisionAnswer(own, roofs: roofs) {
      takePrecision(precision, few, roofs)
      return
    }
    let answer = ComparisonAnswer(own, roofs: roofs, template: suite.answer)
    let rule = PublishedRule(suite)
    let headline = answer.headline(of: rows.main), found = rule.sentence(own.comparisons)
    sentence = found.isEmpty ? headline : found
    let others = few.runtimes.compactMap { $0 }.filter { $0 != rows.main }
      .map { ($0, few.of($0)) }
    asked = others.map {
      ComparisonAnswer($0.1, roofs: roofs, template: suite.answer).headline(of: $0.0)
    }
    let table = ComparedTable(
      own, series: answer.series, runtimes: others,
      moreWorkers: Array(rows.workers.dropFirst()), rule: rule)
    exhibits = [table.exhibit].compactMap { $0 } + BlockAnswer(own).exhibits
    paragraphs = (found.isEmpty || headline.isEmpty ? [] : [headline]) + answer.reasons
  }

  private mutating func takePrecision(
    _ own: PrecisionAnswer, _ rows: SuiteRows, _ roofs: Roofs
  ) {
    sentence = own.sentence
    exhibits = [own.summary, own.exhibit]
    paragraphs = own.reasons
    for runtime in rows.runtimes.compactMap({ $0 }) where runtime != rows.main {
      guard let other = PrecisionAnswer(rows.of(runtime), roofs: roofs) else { continue }
      asked.append("\(runtime): \(other.sentence)")
      for var exhibit in [other.summary, other.exhibit] {
        exhibit.title += ", \(runtime)"
        exhibits.append(exhibit)
      }
    }
  }
}
