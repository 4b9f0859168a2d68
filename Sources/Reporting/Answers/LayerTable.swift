// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The layers of a network by time, with what they add up to, and what others take for them.
struct LayerTable {
  /// A layer as often as the network has it.
  private struct Layer {
    var row: MeasuredRow
    var time: Double
  }

  private let rows: SuiteRows
  private let layers: [Layer]
  private let setting: Setting?
  /// Kernels beside the first of each layer, by runtime, or by id where they are ours.
  private let rivals: [String]
  private let moreWorkers: [Int]

  /// The layers of the first setting, each by its first kernel; blocks are the same layers again.
  init(_ rows: SuiteRows, blocks: Set<String>) {
    self.rows = rows
    setting = rows.settings.first
    moreWorkers = Array(rows.workers.dropFirst())
    let own = rows.measurements.filter { $0.setting == rows.settings.first && $0.partOf.isEmpty }
    let single = own.filter { !blocks.contains($0.caseName) }
    let shown = single.isEmpty ? own : single
    var seen: Set<String> = []
    layers = shown.compactMap { row in
      guard seen.insert(row.caseName).inserted, let time = row.time else { return nil }
      return Layer(row: row, time: time * row.multiplicity)
    }
    .sorted { $0.time > $1.time }
    let first = Set(layers.map { Self.name($0.row) })
    rivals = SuiteRows.distinct(
      shown.filter { $0.time != nil }.map(Self.name)
    ).filter { !first.contains($0) }
  }

  /// Whose kernel a row has.
  private static func name(_ row: MeasuredRow) -> String {
    RuntimeName.of(row.kernel) ?? "ours"
  }

  /// All times together; nil where nothing was timed.
  private var total: Double? {
    layers.isEmpty ? nil : layers.reduce(0) { $0 + $1.time }
  }

  /// What each runtime takes for the layers that both computed.
  var runtimeSentences: [String] {
    rivals.compactMap { rival in
      let both = layers.compactMap { layer in
        time(of: rival, layer.row).map { (layer.time, $0 * layer.row.multiplicity) }
      }
      let ours = both.reduce(0) { $0 + $1.0 }, theirs = both.reduce(0) { $0 + $1.1 }
      guard theirs > 0 else { return nil }
      let which = both.count == layers.count ? "the same layers" : "\(both.count) of the layers"
      return "\(rival) takes \(Phrase.time(theirs)) for \(which), \(Phrase.factor(theirs / ours)) "
        + "the \(Phrase.time(ours)) of ours."
    }
  }

  private func time(of rival: String, _ layer: MeasuredRow) -> Double? {
    rows.measurements.first {
      $0.caseName == layer.caseName && $0.setting == layer.setting && Self.name($0) == rival
    }?.time
  }

  /// The table; nil without layers.
  var exhibit: Answer.Exhibit? {
    guard let total, let setting else { return nil }
    let more = moreWorkers.map { "\($0) workers" }
    var table = TextTable(
      [
        ("layer", .left), ("times", .right), ("time", .right), ("share", .right),
        ("so far", .right), ("% roof", .right),
      ] + (more + rivals).map { ($0, .right) } + [("kernel", .left)],
      expendable: ["kernel", "times"] + more + ["% roof"])
    var sum = 0.0
    for layer in layers {
      sum += layer.time
      table.append(
        [
          layer.row.caseName, String(Int(clamping: layer.row.multiplicity, to: 0...Int.max)),
          Phrase.time(layer.time),
          Phrase.percent(layer.time / total), Phrase.percent(sum / total),
          Phrase.percent(layer.row.rooflinePercent.map { $0 / 100 }),
        ] + moreWorkers.map { Phrase.factor(rows.gain(of: layer.row, workers: $0)?.speedup) }
          + rivals.map { rival in
            Phrase.factor(
              layer.row.time.flatMap { own in
                time(of: rival, layer.row).map { $0 / own }
              })
          } + [layer.row.kernel])
    }
    let note = rivals.isEmpty ? "" : "; beside it what others take over ours"
    return Answer.Exhibit(title: "Layers by time, \(setting)\(note)", table: table)
  }
}
