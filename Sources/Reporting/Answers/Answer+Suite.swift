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
    let headline = Headline(rows)
    if suite.contenderKernels != nil {
      sentence = headline.ofLibraries
      paragraphs = LibraryAnswer(rows).paragraphs
    } else if suite.comparisons.isEmpty {
      let names = Set(suite.cases.filter(\.isBlock).map(\.name))
      let blocks = NetworkBlocks(suite, rows)
      let network = NetworkAnswer(rows, blocks: names)
      let layers = LayerTable(rows, blocks: names)
      sentence = headline.ofNetwork(layers)
      paragraphs = network.paragraphs + blocks.paragraphs
      exhibits = network.exhibits + [layers.exhibit].compactMap { $0 } + blocks.exhibits
    } else {
      sentence = headline.ofComparisons
      paragraphs = ComparisonAnswer(rows, roofs: Roofs(limits)).paragraphs
      exhibits = [ComparedTable.exhibit(rows)].compactMap { $0 } + BlockAnswer(rows).exhibits
    }
    if paragraphs.isEmpty { paragraphs = ["Nothing was measured that would answer it."] }
    caveats = Caveats.of(rows)
  }
}
