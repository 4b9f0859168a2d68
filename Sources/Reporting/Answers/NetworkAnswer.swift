// SPDX-License-Identifier: Apache-2.0

internal import Inputs

/// The answer of a suite whose cases are the layers of a network, or any cases without comparisons.
struct NetworkAnswer {
  private var rows: SuiteRows

  /// The answer from all rows but those of the cases in `blocks`, which are the same layers again.
  ///
  /// Where a suite has blocks only, they are its layers.
  init(_ rows: SuiteRows, blocks: Set<String> = []) {
    self.rows = rows
    let layers = rows.measurements.filter { !blocks.contains($0.caseName) }
    if !layers.isEmpty { self.rows.measurements = layers }
  }

  /// A paragraph per setting and set of kernels.
  var paragraphs: [String] { sets().compactMap { paragraph($0) } }

  /// A table of shares for each of them.
  var exhibits: [Answer.Exhibit] {
    sets().filter { !timed($0).isEmpty }.map { set in
      Answer.Exhibit(title: "Share by class, \(title(set))", table: shares(timed(set)))
    }
  }

  /// Rows of one setting, each case once: several kernels make several sets.
  private func sets() -> [[MeasuredRow]] {
    rows.settings.flatMap { setting -> [[MeasuredRow]] in
      var seen: [String: Int] = [:]
      var sets: [[MeasuredRow]] = []
      for row in rows.measurements where row.setting == setting {
        let number = seen[row.caseName, default: 0]
        seen[row.caseName] = number + 1
        if number == sets.count { sets.append([]) }
        sets[number].append(row)
      }
      return sets
    }
  }

  private func timed(_ set: [MeasuredRow]) -> [MeasuredRow] { set.filter { $0.time != nil } }

  private func title(_ set: [MeasuredRow]) -> String {
    let kernels = Set(set.map(\.kernel))
    let isOneOfSeveral = sets().count > rows.settings.count
    let kernel = isOneOfSeveral && kernels.count == 1 ? ", \(set[0].kernel)" : ""
    return "\(set[0].setting)\(kernel)"
  }

  private func paragraph(_ set: [MeasuredRow]) -> String? {
    let timed = timed(set)
    guard !timed.isEmpty else { return nil }
    let total = Self.sum(timed) { $0.time ?? 0 }
    let macs = Self.sum(timed, \.macs)
    let count = Int(clamping: timed.reduce(0) { $0 + $1.multiplicity }, to: 0...Int.max)
    var text =
      "\(title(set)): \(count) convolutions, \(timed.count) of them different, take "
      + "\(Phrase.time(total, Self.bounds(timed))) one after the other (the interval adds those "
      + "of the layers)"
      + (macs > 0 ? ", \(Phrase.number(2 * macs / total)) GFLOP/s." : ".")
    if timed.count < set.count { text += " \(set.count - timed.count) without a time are missing." }
    let ranked = timed.filter { $0.rooflinePercent != nil }
      .sorted { ($0.rooflinePercent ?? 0) < ($1.rooflinePercent ?? 0) }
    if let worst = ranked.first, let best = ranked.last, ranked.count > 1 {
      text += " Nearest to its roof is \(place(best)), farthest \(place(worst))."
    }
    text += Self.beyond(timed)
    if let slowest = timed.max(by: { Self.weighted($0) < Self.weighted($1) }), timed.count > 1 {
      text +=
        " Most time goes to \(slowest.caseName): "
        + "\(Phrase.percent(Self.weighted(slowest) / total))."
    }
    return text
  }

  /// What more than 100 % of a roof means, for each reason there is.
  private static func beyond(_ timed: [MeasuredRow]) -> String {
    var names: [(reason: String, cases: [String])] = []
    for row in timed {
      guard let reason = Roofs.beyondReason(row) else { continue }
      if let place = names.firstIndex(where: { $0.reason == reason }) {
        if !names[place].cases.contains(row.caseName) { names[place].cases.append(row.caseName) }
      } else {
        names.append((reason, [row.caseName]))
      }
    }
    return names.map { reason, cases in
      " More than 100 % of its roof (\(Caveats.names(cases))): \(reason)."
    }.joined()
  }

  private func place(_ row: MeasuredRow) -> String {
    "\(row.caseName) (\(Phrase.percent((row.rooflinePercent ?? 0) / 100)) of the "
      + "\(BoundName.phrase(row.bound)))"
  }

  private func shares(_ timed: [MeasuredRow]) -> TextTable {
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
    return table
  }

  private static func weighted(_ row: MeasuredRow) -> Double { (row.time ?? 0) * row.multiplicity }

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
