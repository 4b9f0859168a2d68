// SPDX-License-Identifier: Apache-2.0

/// Several trends, a line each: from where to where they lead, and up to where steps pay.
enum TrendTable {
  /// The table; nil for a single trend, of which the sentence speaks.
  static func exhibit(_ trends: [Trend]) -> Answer.Exhibit? {
    guard trends.count > 1 else { return nil }
    var table = TextTable(
      [
        ("along", .left), ("with", .left), ("from", .right), ("to", .right),
        ("realised", .right), ("each step pays up to", .right),
      ], expendable: ["realised"])
    for trend in trends {
      guard let first = trend.rows.first, let last = trend.rows.last else { continue }
      let ends = [first, last].map {
        "\(trend.value(of: $0)): \(Phrase.factor($0.speedup))"
      }
      let shares = [first, last].map { Phrase.percent($0.realised) }
      table.append([
        trend.words, trend.label, ends[0], ends[1],
        shares[0] == shares[1] ? shares[0] : "\(shares[0]) → \(shares[1])",
        trend.turn.map { $0 == 0 ? "none is shown to" : trend.value(of: trend.rows[$0]) } ?? "—",
      ])
    }
    return Answer.Exhibit(title: "Along the axes", table: table)
  }
}
