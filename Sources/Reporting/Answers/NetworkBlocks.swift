// SPDX-License-Identifier: Apache-2.0

internal import Convolution
internal import Inputs
internal import Suites

/// A network's blocks, each measured as a whole, against the layers that they consist of.
struct NetworkBlocks {
  /// A block in one setting, with the sum of its convolutions where all of them were measured.
  private struct Row {
    let name: String
    let setting: Setting
    let times: Double
    let block: Double
    let interval: ClosedRange<Double>?
    let layers: Double
  }

  private let rows: [Row]

  /// The blocks of `suite`, whose layers are other cases of it.
  init(_ suite: Suite, _ measured: SuiteRows) {
    rows = suite.cases.flatMap { suiteCase in
      measured.measurements.compactMap { row in
        guard let graph = suiteCase.graph, row.caseName == suiteCase.name, let time = row.time,
          let layers = Self.layers(of: graph, row.setting, measured)
        else { return nil }
        return Row(
          name: row.caseName, setting: row.setting, times: row.multiplicity, block: time,
          interval: row.interval, layers: layers)
      }
    }
  }

  /// The sum of a block's convolutions; nil where one was not measured.
  private static func layers(
    of graph: OperationGraph, _ setting: Setting, _ measured: SuiteRows
  ) -> Double? {
    var sum = 0.0
    for convolution in graph.convolutions {
      let problem = ProblemDescriptor.print(convolution.problem)
      let row = measured.measurements.first { row in
        row.setting == setting && row.problem == problem && row.time != nil
      }
      guard let time = row?.time else { return nil }
      sum += time
    }
    return sum
  }

  /// A sentence per setting: all blocks, as often as the network has them.
  var paragraphs: [String] {
    settings.map { setting in
      let own = rows.filter { $0.setting == setting }
      let blocks = own.reduce(0) { $0 + $1.block * $1.times }
      let layers = own.reduce(0) { $0 + $1.layers * $1.times }
      let count = Int(clamping: own.reduce(0) { $0 + $1.times }, to: 0...Int.max)
      return "Its \(count) blocks, \(own.count) of them different, take \(Phrase.time(blocks)), "
        + "\(Phrase.factor(blocks / layers)) the \(Phrase.time(layers)) of their convolutions one at "
        + "a time."
    }
  }

  /// A table of the blocks.
  var exhibits: [Answer.Exhibit] {
    guard !rows.isEmpty else { return [] }
    var table = TextTable(
      [
        ("block", .left), ("times", .right), ("alone", .right), ("as a block", .right),
        ("± %", .right), ("block/alone", .right),
      ], expendable: ["± %", "times", "alone"])
    for row in rows {
      table.append([
        row.name, String(Int(clamping: row.times, to: 0...Int.max)), Phrase.time(row.layers),
        Phrase.time(row.block), Phrase.halfWidth(row.block, row.interval),
        Phrase.factor(row.block / row.layers),
      ])
    }
    return [
      Answer.Exhibit(
        title: "Blocks, and their convolutions as layers one at a time (alone: its data warm)",
        table: table)
    ]
  }

  private var settings: [Setting] {
    rows.reduce(into: []) { if !$0.contains($1.setting) { $0.append($1.setting) } }
  }
}
