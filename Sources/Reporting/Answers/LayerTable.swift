// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The layers of a network by time, with what they add up to.
struct LayerTable {
  /// A layer as often as the network has it.
  private struct Layer {
    var row: MeasuredRow
    var time: Double
  }

  private let layers: [Layer]
  private let setting: Setting?

  /// The layers of the first setting, each by its first kernel; blocks are the same layers again.
  init(_ rows: SuiteRows, blocks: Set<String>) {
    setting = rows.settings.first
    let own = rows.measurements.filter { $0.setting == rows.settings.first && $0.partOf.isEmpty }
    let single = own.filter { !blocks.contains($0.caseName) }
    var seen: Set<String> = []
    layers = (single.isEmpty ? own : single).compactMap { row in
      guard seen.insert(row.caseName).inserted, let time = row.time else { return nil }
      return Layer(row: row, time: time * row.multiplicity)
    }
    .sorted { $0.time > $1.time }
  }

  /// All times together; nil where nothing was timed.
  var total: Double? {
    layers.isEmpty ? nil : layers.reduce(0) { $0 + $1.time }
  }

  /// How many layers differ.
  var different: Int { layers.count }

  /// How many of the slowest layers take at least this share of the time.
  func count(reaching share: Double) -> Int {
    var sum = 0.0
    for (place, layer) in layers.enumerated() {
      sum += layer.time
      if sum >= share * (total ?? 0) { return place + 1 }
    }
    return layers.count
  }

  /// The table; nil without layers.
  var exhibit: Answer.Exhibit? {
    guard let total, let setting else { return nil }
    var table = TextTable(
      [
        ("layer", .left), ("times", .right), ("time", .right), ("share", .right),
        ("so far", .right), ("% roof", .right), ("kernel", .left),
      ], expendable: ["times", "kernel"])
    var sum = 0.0
    for layer in layers {
      sum += layer.time
      table.append([
        layer.row.caseName, String(Int(clamping: layer.row.multiplicity, to: 0...Int.max)),
        Phrase.time(layer.time),
        Phrase.percent(layer.time / total), Phrase.percent(sum / total),
        layer.row.rooflinePercent.map { Phrase.percent($0 / 100) } ?? "—", layer.row.kernel,
      ])
    }
    return Answer.Exhibit(title: "Layers by time, \(setting)", table: table)
  }
}
