// SPDX-License-Identifier: Apache-2.0

/// Every comparison of a suite in a line: what was promised, measured and realised.
struct ComparedTable {
  /// The rows of the fewest workers and of our kernels; of a runtime's where there are none.
  private let rows: SuiteRows
  /// The same comparisons in the kernels of others.
  private let runtimes: [(name: String, rows: SuiteRows)]
  /// Numbers of workers beyond the fewest.
  private let moreWorkers: [Int]
  private let settings: [Setting]
  private let series: [Trend]
  private let promises: Bool
  /// What papers measured of the comparisons.
  private let rule: PublishedRule

  init(
    _ rows: SuiteRows, series: [Trend], runtimes: [(name: String, rows: SuiteRows)],
    moreWorkers: [Int], rule: PublishedRule = PublishedRule()
  ) {
    self.rows = rows
    self.series = series
    self.rule = rule
    self.runtimes = runtimes
    self.moreWorkers = moreWorkers
    settings = SuiteRows.distinct(rows.comparisons.map(\.setting))
    promises = rows.comparisons.contains { row in
      row.promised.map { abs($0 - 1) > 0.005 } ?? false
    }
  }

  /// The table; nil where nothing is compared.
  var exhibit: Answer.Exhibit? {
    guard !rows.comparisons.isEmpty else { return nil }
    let more = moreWorkers.map(Self.column)
    var columns: [(title: String, alignment: TextTable.Alignment)] = [("comparison", .left)]
    if settings.count > 1 { columns.append(("caches", .left)) }
    if promises { columns.append(("promised", .right)) }
    columns += [("measured", .right)]
    columns += rule.figures.indices.map { (rule.title($0), .right) }
    if !rule.figures.isEmpty { columns.append((Self.ruleColumn, .left)) }
    columns += [("± %", .right), ("interval", .right)]
    if promises { columns.append(("realised", .right)) }
    columns += [("time", .right), ("% roof", .right)]
    columns += (more + runtimes.map(\.name)).map { ($0, .right) }
    columns += [("verdict", .left), ("kernel", .left)]
    var table = TextTable(
      columns,
      expendable: ["kernel", "interval", "% roof"] + more + ["time", "realised", "± %"]
        + (rule.figures.isEmpty
          ? [] : ["verdict"] + rule.figures.indices.dropFirst().map(rule.title)))
    for section in ComparedSection.all(rows.comparisons, series: series) {
      if !section.title.isEmpty { table.begin(section.title) }
      for (label, row) in section.rows {
        let cells = cells(row, called: label)
        table.append(columns.map { cells[$0.title] ?? "" })
      }
    }
    return Answer.Exhibit(title: title, table: table)
  }

  private var title: String {
    guard let setting = settings.first else { return "Comparisons" }
    let published = rule.figures.isEmpty ? "" : "; published for \(rule.sources)"
    return "Comparisons, \(setting)\(published)"
  }

  private static let ruleColumn = "rule"

  private static func column(_ workers: Int) -> String { "\(workers) workers" }

  private func cells(_ row: ComparedRow, called label: String) -> [String: String] {
    let contender = rows.contender(of: row)
    let bounds = row.interval.map { [$0.lowerBound, $0.upperBound].map { Phrase.factor($0) } }
    var cells = [
      "comparison": label,
      "caches": row.setting.cache,
      "promised": Phrase.factor(row.promised),
      "measured": Phrase.factor(row.speedup),
      "± %": Phrase.halfWidth(row.speedup, row.interval),
      "interval": bounds.map { "\($0[0].dropLast())…\($0[1].dropLast())" } ?? Phrase.none,
      "realised": Phrase.percent(row.realised),
      "time": contender?.time.map { Phrase.time($0) } ?? Phrase.none,
      "% roof": Phrase.percent(contender?.rooflinePercent.map { $0 / 100 }),
      "verdict": Self.verdict(row),
      "kernel": row.contenderKernel,
    ]
    for place in rule.figures.indices { cells[rule.title(place)] = rule.cell(place, row) }
    cells[Self.ruleColumn] = rule.verdict(row)?.rawValue ?? Phrase.none
    for count in moreWorkers {
      let gain = rows.gain(of: contender, workers: count)
      cells[Self.column(count)] = Phrase.factor(gain?.speedup)
    }
    for runtime in runtimes { cells[runtime.name] = Self.cell(of: runtime.rows, like: row) }
    return cells
  }

  /// What a runtime made of the same comparison; nil where it has none.
  private static func cell(of rows: SuiteRows, like row: ComparedRow) -> String? {
    let same = rows.comparisons.first {
      $0.comparison == row.comparison && $0.contenderCase == row.contenderCase
        && $0.setting == row.setting && $0.axes == row.axes
    }
    return same.map { $0.status == "ok" ? Phrase.factor($0.speedup) : $0.status }
  }

  static func verdict(_ row: ComparedRow) -> String {
    guard row.status == "ok" else { return row.status }
    return row.verdict == "inconclusive" ? "undecided" : row.verdict
  }
}
