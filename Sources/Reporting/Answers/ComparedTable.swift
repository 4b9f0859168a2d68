// SPDX-License-Identifier: Apache-2.0

/// Every comparison of a suite in a line: what was promised, measured and realised.
enum ComparedTable {
  /// The table; nil where nothing is compared.
  static func exhibit(_ rows: SuiteRows) -> Answer.Exhibit? {
    guard !rows.comparisons.isEmpty else { return nil }
    let promises = rows.comparisons.contains { row in
      let promised: Double? = row.promised
      return promised.map { abs($0 - 1) > 0.005 } ?? false
    }
    let settings = Set(rows.comparisons.map(\.setting))
    let columns: [(title: String, alignment: TextTable.Alignment)] =
      [("comparison", .left)] + (settings.count > 1 ? [("workers", .right)] : [])
      + (promises ? [("promised", .right)] : []) + [("measured", .right), ("interval", .right)]
      + (promises ? [("realised", .right)] : []) + [("% roof", .right), ("verdict", .left)]
    var table = TextTable(columns, expendable: ["interval", "% roof", "realised"])
    for row in rows.comparisons {
      let cells = cells(row, rows)
      table.append(columns.map { cells[$0.title] ?? "" })
    }
    return Answer.Exhibit(title: "Comparisons", table: table)
  }

  private static func cells(_ row: ComparedRow, _ rows: SuiteRows) -> [String: String] {
    let promised: Double? = row.promised
    let roof = rows.contender(of: row)?.rooflinePercent
    let bounds = row.interval.map { [$0.lowerBound, $0.upperBound].map { Phrase.factor($0) } }
    let verdict = row.verdict == "inconclusive" ? "undecided" : row.verdict
    return [
      "comparison": row.comparison.isEmpty ? row.contenderCase : row.comparison,
      "workers": String(row.setting.workers),
      "promised": promised.flatMap { $0.isFinite ? Phrase.factor($0) : nil } ?? "—",
      "measured": row.speedup.map { Phrase.factor($0) } ?? "—",
      "interval": bounds.map { "\($0[0].dropLast())…\($0[1].dropLast())" } ?? "—",
      "realised": row.realised.map { Phrase.percent($0) } ?? "—",
      "% roof": roof.map { Phrase.percent($0 / 100) } ?? "—",
      "verdict": row.isDisturbed
        ? "undecided (disturbed)" : row.status == "ok" ? verdict : row.status,
    ]
  }
}
