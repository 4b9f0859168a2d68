// SPDX-License-Identifier: Apache-2.0

internal import Inputs
internal import Measuring

/// What a whole network takes from end to end, beside other runtimes, and where the time goes.
struct WholeAnswer {
  private let rows: SuiteRows

  init(_ rows: SuiteRows) { self.rows = rows }

  private var fewest: Int { rows.workers.first ?? 1 }

  private func pairs(_ workers: Int) -> [ComparedRow] {
    rows.comparisons.filter { $0.setting.workers == workers && $0.speedup != nil }
  }

  /// What it takes, and what joining nodes saves.
  var sentence: String {
    guard let joined = pairs(fewest).first(where: { RuntimeName.of($0.baselineKernel) == nil }),
      let fused = rows.contender(of: joined), let time = fused.time
    else { return "" }
    return "From end to end it takes \(Phrase.time(time, fused.interval)) with "
      + "\(fewest) \(fewest == 1 ? "worker" : "workers"); node after node "
      + "\(Phrase.factor(joined.speedup, joined.interval)) as long."
  }

  /// What other runtimes take for the same file.
  var runtimeSentences: [String] {
    rows.workers.flatMap { workers in
      pairs(workers).compactMap { pair in
        guard let name = RuntimeName.of(pair.baselineKernel), let time = pair.baselineTime else {
          return nil
        }
        return "\(name) takes \(Phrase.time(time)) with \(workers) "
          + "\(workers == 1 ? "worker" : "workers"): "
          + "\(Phrase.factor(pair.speedup, pair.interval)) as long as ours."
      }
    }
  }

  /// The times, and where they go.
  var exhibits: [Answer.Exhibit] {
    [times]
      + rows.workers.flatMap { workers in [places(workers), classes(workers)] }
      .compactMap { $0 }
  }

  private var times: Answer.Exhibit {
    var table = TextTable([
      ("computed by", .left), ("workers", .right), ("time", .right), ("over ours", .right),
      ("rms error", .right),
    ])
    for row in rows.measurements {
      let pair = rows.comparisons.first {
        $0.baselineKernel == row.kernel && $0.baselineCase == row.caseName
          && $0.setting == row.setting
      }
      table.append([
        RuntimeName.of(row.kernel) ?? row.kernel, String(row.setting.workers),
        row.time.map { Phrase.time($0, row.interval) } ?? row.status,
        pair.map { pair in
          pair.interval.map { Phrase.factor(pair.speedup, $0) } ?? Phrase.factor(pair.speedup)
        } ?? "",
        Phrase.number(row.relativeRMSError),
      ])
    }
    return Answer.Exhibit(title: "From end to end", table: table)
  }

  private func own(_ workers: Int) -> [InPlaceRow] {
    rows.layers.filter { $0.workers == workers }.sorted { $0.time > $1.time }
  }

  private func places(_ workers: Int) -> Answer.Exhibit? {
    let own = own(workers)
    let total = own.reduce(0) { $0 + $1.time }
    guard total > 0 else { return nil }
    var table = TextTable(
      [
        ("layer", .left), ("computes", .left), ("time", .right), ("share", .right),
        ("so far", .right), ("GFLOP/s", .right), ("% roof", .right), ("bound by", .left),
      ], expendable: ["computes", "bound by", "GFLOP/s"])
    var sum = 0.0
    for layer in own {
      sum += layer.time
      table.append([
        layer.name, layer.operation, Phrase.time(layer.time), Phrase.percent(layer.time / total),
        Phrase.percent(sum / total), Phrase.number(layer.gflopPerSecond),
        Phrase.percent(layer.rooflinePercent.map { $0 / 100 }), BoundName.phrase(layer.bound),
      ])
    }
    return Answer.Exhibit(
      title: "Where the time goes, each layer in its place inside the whole, \(workers) "
        + "\(workers == 1 ? "worker" : "workers")", table: table)
  }

  private func classes(_ workers: Int) -> Answer.Exhibit? {
    let own = own(workers)
    let total = own.reduce(0) { $0 + $1.time }
    let macs = own.reduce(0) { $0 + $1.macs }
    guard total > 0, macs > 0 else { return nil }
    var table = TextTable([
      ("class", .left), ("steps", .right), ("MACs", .right), ("time", .right), ("share", .right),
    ])
    for kind in LayerProfile.Kind.allCases {
      let members = own.filter { $0.kind == kind.rawValue }
      guard !members.isEmpty else { continue }
      let time = members.reduce(0) { $0 + $1.time }
      table.append([
        kind.rawValue, String(members.count),
        Phrase.percent(members.reduce(0) { $0 + $1.macs } / macs), Phrase.time(time),
        Phrase.percent(time / total),
      ])
    }
    return Answer.Exhibit(
      title: "Share by class, \(workers) \(workers == 1 ? "worker" : "workers")", table: table)
  }

  /// How far the layers' times add up to the whole.
  var paragraphs: [String] {
    rows.workers.compactMap { workers in
      let own = own(workers)
      let total = own.reduce(0) { $0 + $1.time }
      guard total > 0, let whole = own.first?.wholeTime else { return nil }
      return "In place the layers add up to \(Phrase.time(total)) with \(workers) "
        + "\(workers == 1 ? "worker" : "workers"), \(Phrase.percent(total / whole)) of "
        + "\(Phrase.time(whole)) in the same slices of time without a clock between them."
    }
  }
}

/// A row of `layers.csv` as answers read it.
struct InPlaceRow {
  var caseName: String
  var kernel: String
  var workers: Int
  var name: String
  var operation: String
  var kind: String
  var time: Double
  /// What the network takes beside it, without clocks inside.
  var wholeTime: Double?
  var macs: Double
  var gflopPerSecond: Double?
  var rooflinePercent: Double?
  var bound: String

  init?(_ row: CSVTable.Row) {
    guard let time = row.number("time_ns") else { return nil }
    self.time = time
    wholeTime = row.number("whole_time_ns")
    caseName = row.text("case")
    kernel = row.text("kernel")
    workers = row.integer("workers") ?? 1
    name = row.text("layer")
    operation = row.text("operation")
    kind = row.text("class")
    macs = row.number("macs") ?? 0
    gflopPerSecond = row.number("gflop_per_s")
    rooflinePercent = row.number("roofline_percent")
    bound = row.text("bound")
  }
}
