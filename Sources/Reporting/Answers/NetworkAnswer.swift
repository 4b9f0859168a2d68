// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// What the layers of a network, or cases without comparisons, are together: each by its first kernel,
/// in one setting.
struct NetworkAnswer {
  /// A row for each case.
  private let rows: [MeasuredRow]
  private var timed: [MeasuredRow] { rows.filter { $0.time != nil } }

  /// The answer from all rows but those of the cases in `blocks`, which are the same layers again.
  ///
  /// Where a suite has blocks only, they are its layers.
  init(_ rows: SuiteRows, blocks: Set<String> = []) {
    let own = rows.measurements.filter { $0.setting == rows.settings.first }
    let layers = own.filter { !blocks.contains($0.caseName) }
    var seen: Set<String> = []
    self.rows = (layers.isEmpty ? own : layers).filter { seen.insert($0.caseName).inserted }
  }

  /// How long they take together, how fast they are, and how many take half of it.
  var sentence: String {
    guard !timed.isEmpty else { return "" }
    let total = Self.sum(timed) { $0.time ?? 0 }
    let macs = Self.sum(timed, \.macs)
    let count = Int(clamping: timed.reduce(0) { $0 + $1.multiplicity }, to: 0...Int.max)
    let rate = macs > 0 ? ", \(Phrase.number(2 * macs / total)) GFLOP/s" : ""
    // A row may be a pooling, or a whole block.
    let what = timed.contains { $0.layerClass == .block } ? "layers" : "convolutions"
    return "Its \(count) \(what) take \(Phrase.time(total, Self.bounds(timed))) one after the "
      + "other\(rate); \(half(of: total)) of \(timed.count) different layers take half of that."
  }

  /// How many of the longest layers take half of all times.
  private func half(of total: Double) -> Int {
    var count = 0, sum = 0.0
    for time in timed.map({ ($0.time ?? 0) * $0.multiplicity }).sorted(by: >)
    where sum < total / 2 {
      sum += time
      count += 1
    }
    return count
  }

  /// How near to their roofs they come.
  var paragraphs: [String] { [extremes].compactMap { $0 } }

  private var extremes: String? {
    // What passes its roof is a caveat.
    let ranked = timed.filter { $0.rooflinePercent != nil && Roofs.beyondReason($0) == nil }
      .sorted { ($0.rooflinePercent ?? 0) < ($1.rooflinePercent ?? 0) }
    guard let worst = ranked.first, let best = ranked.last, ranked.count > 1 else { return nil }
    return "Nearest to its roof is \(place(best)), farthest \(place(worst))."
  }

  private func place(_ row: MeasuredRow) -> String {
    "\(Phrase.name(row.caseName)) (\(Phrase.percent((row.rooflinePercent ?? 0) / 100)) of the "
      + "\(BoundName.phrase(row.bound)))"
  }

  /// Layers without a time, and what more than 100 % of a roof means, for each reason there is.
  var remarks: [String] {
    let lost = rows.count - timed.count
    let missing = lost == 0 ? [] : ["\(lost) layers without a time are missing from the sums"]
    let reasons = SuiteRows.distinct(timed.compactMap(Roofs.beyondReason))
    return missing
      + reasons.map { reason in
        let cases = timed.filter { Roofs.beyondReason($0) == reason }
          .map { Phrase.name($0.caseName) }
        return "more than 100 % of its roof (\(Caveats.names(cases))): \(reason)"
      }
  }

  /// MACs against time by class; nil where nothing was timed.
  var exhibit: Answer.Exhibit? {
    guard let first = timed.first else { return nil }
    let total = Self.sum(timed) { $0.time ?? 0 }
    let macs = Self.sum(timed, \.macs)
    var table = TextTable([
      ("class", .left), ("layers", .right), ("MACs", .right), ("time", .right), ("share", .right),
      ("GFLOP/s", .right),
    ])
    for kind in LayerClass.allCases {
      let members = timed.filter { $0.layerClass == kind }
      guard !members.isEmpty else { continue }
      let time = Self.sum(members) { $0.time ?? 0 }
      let work = Self.sum(members, \.macs)
      table.append([
        kind.rawValue,
        String(Int(clamping: members.reduce(0) { $0 + $1.multiplicity }, to: 0...Int.max)),
        Phrase.percent(work / macs), Phrase.time(time), Phrase.percent(time / total),
        Phrase.number(2 * work / time),
      ])
    }
    return Answer.Exhibit(title: "Share by class, \(first.setting)", table: table)
  }

  private static func sum(_ rows: [MeasuredRow], _ value: (MeasuredRow) -> Double) -> Double {
    rows.reduce(0) { $0 + value($1) * $1.multiplicity }
  }

  /// The sum of the lower bounds and that of the upper ones; nil where a layer has none.
  private static func bounds(_ rows: [MeasuredRow]) -> ClosedRange<Double>? {
    guard rows.allSatisfy({ $0.interval != nil }) else { return nil }
    let lower = sum(rows) { $0.interval?.lowerBound ?? 0 }
    return lower...max(lower, sum(rows) { $0.interval?.upperBound ?? 0 })
  }
}
